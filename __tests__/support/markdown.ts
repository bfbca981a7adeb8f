/** A page, as far as it can be wrong: where it leads, and what it names. */
export interface Page {
  /** What a `#` in a link may name. */
  readonly anchors: ReadonlySet<string>;
  /** The targets of its links. */
  readonly links: readonly string[];
  /** What stands between backticks, in running text. */
  readonly spans: readonly string[];
  /** Its blocks of code, by their language. */
  readonly blocks: readonly { readonly language: string; readonly lines: readonly string[] }[];
}

const FENCE = /^ *```(\w*)\n(.*?)^ *```$/gms;
const SPAN = /`([^`\n]+)`/g;

/** Reads as much of Markdown as the pages use: headings with a `#`, links in line, fences of three backticks. */
export function readPage(text: string): Page {
  const blocks = [...text.matchAll(FENCE)].map(([, language = "", code = ""]) => ({
    language,
    lines: code.split("\n").filter((line) => line.trim() !== ""),
  }));
  const prose = text.replaceAll(FENCE, "");
  const headings = [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
  return {
    anchors: anchorsOf(headings),
    links: [...prose.replaceAll(SPAN, "").matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target),
    spans: [...prose.matchAll(SPAN)].map(([, span = ""]) => span),
    blocks,
  };
}

/** As GitHub makes them: `A "new" page` → `a-new-page`; a second one of a name ends in `-1`. */
function anchorsOf(headings: readonly string[]): Set<string> {
  const anchors = new Set<string>();
  for (const heading of headings) {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = plain.replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
    let name = anchor;
    for (let count = 1; anchors.has(name); count++) name = `${anchor}-${count}`;
    anchors.add(name);
  }
  return anchors;
}
