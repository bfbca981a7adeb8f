/** A change that a document shows. */
export interface DocumentEdit {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** One section of a Markdown document, its heading left out. */
export function sectionOf(document: string, heading: string): string {
  const [, section] = document.split(`\n## ${heading}\n`);
  if (section === undefined) throw new Error(`There is no section "${heading}".`);
  return section.split("\n## ")[0] ?? "";
}

/** The changes that a section shows: each `diff` block is about the file that the step before it names (", in `file`"). */
export function editsIn(section: string): DocumentEdit[] {
  return [...section.matchAll(/^ *```diff\n([\s\S]*?)^ *```$/gm)].map(({ 0: block, 1: body = "", index }) => {
    const file = [...section.slice(0, index).matchAll(/, in `([^`]+\.ts)`/g)].at(-1)?.[1];
    if (file === undefined) throw new Error(`No file is named before ${block}`);
    const indent = block.indexOf("`");
    const lines = body.split("\n").map((line) => line.slice(indent));
    const side = (sign: string) =>
      lines.flatMap((line) => (line.startsWith(sign) || line.startsWith(" ") ? [`${line.slice(1)}\n`] : []));
    return { file, before: side("-").join(""), after: side("+").join("") };
  });
}

/** @throws {Error} where the text does not stand there exactly once: the document is out of date */
export function applyEdit(text: string, { file, before, after }: DocumentEdit): string {
  const [head, tail, ...more] = text.split(before);
  if (head === undefined || tail === undefined || more.length > 0)
    throw new Error(`${file} does not hold exactly once:\n${before}`);
  return `${head}${after}${tail}`;
}

/** The section's blocks in the given language. */
export function blocksIn(section: string, language: string): string[] {
  return [...section.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    ([, body = ""]) => body,
  );
}
