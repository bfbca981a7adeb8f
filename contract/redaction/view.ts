/** A text in another spelling, each code unit with the range of the original that it stands for. */
export interface View {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

export function original(text: string): View {
  const starts = Array.from({ length: text.length }, (_, at) => at);
  return { text, starts, ends: starts.map((at) => at + 1) };
}

/**
 * The text without one layer of escapes: of each kind alone, since a secret may look like an escape of another kind,
 * and of all kinds, since they may stand side by side. Those that change nothing are left out.
 */
function decodings(view: View): View[] {
  return [ALL_KINDS, JSON_KIND, PERCENT_KIND, HTML_KIND]
    .map((kind) => rewritten(view, new RegExp(kind, "gi"), unescaped))
    .filter((found) => found !== undefined);
}

/** The text and all that it may stand for, each once: escapes in escapes in escapes are looked into, no deeper. */
export function readings(text: string): View[] {
  const found = new Map<string, View>();
  let layer = [original(text)];
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    const fresh = layer.filter(({ text: read }) => !found.has(read));
    for (const view of fresh) found.set(view.text, view);
    layer = depth === MAX_DEPTH ? [] : fresh.flatMap(decodings);
  }
  return [...found.values()];
}

const MAX_DEPTH = 3;

/** A form's `+` for a space; nothing where there is none. */
export function spacesForPlus(view: View): View | undefined {
  return rewritten(view, /\+/g, () => " ");
}

/** In lower case, and without what may stand in the middle of a word: line breaks, NUL and zero-width characters. */
export function withoutIgnored(view: View): View {
  const text: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  for (let at = 0; at < view.text.length; at++) {
    const unit = view.text.charAt(at);
    if (IGNORED.test(unit)) continue;
    const lower = unit.toLowerCase();
    text.push(lower.length === 1 ? lower : unit);
    starts.push(view.starts[at] ?? 0);
    ends.push(view.ends[at] ?? 0);
  }
  return { text: text.join(""), starts, ends };
}

const IGNORED = /[\r\n\t\0\u00AD\u200B-\u200F\u2060\uFEFF]/;

/** JSON's, and JavaScript's. */
const JSON_KIND = /\\u\{[0-9a-f]{1,6}\}|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\["'\\/bfnrt]/.source;
/** A whole UTF-8 sequence, or one byte. */
const PERCENT_KIND =
  /%[cd][0-9a-f]%[89ab][0-9a-f]|%e[0-9a-f](?:%[89ab][0-9a-f]){2}|%f[0-7](?:%[89ab][0-9a-f]){3}|%[0-9a-f]{2}/
    .source;
/** By number or by name. */
const HTML_KIND = /&#x[0-9a-f]{1,8};?|&#[0-9]{1,9};?|&[a-z]{2,6};/.source;
const ALL_KINDS = [JSON_KIND, PERCENT_KIND, HTML_KIND].join("|");

const CONTROLS: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** ASCII's, as HTML calls them; letters and digits have no names. */
const ENTITIES: Readonly<Record<string, string>> = {
  ...{ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " ", excl: "!", num: "#", dollar: "$" },
  ...{
    percnt: "%",
    lpar: "(",
    rpar: ")",
    ast: "*",
    plus: "+",
    comma: ",",
    period: ".",
    sol: "/",
    colon: ":",
  },
  ...{ semi: ";", equals: "=", quest: "?", commat: "@", lsqb: "[", bsol: "\\", rsqb: "]", hat: "^" },
  ...{ lowbar: "_", grave: "`", lcub: "{", verbar: "|", rcub: "}" },
};

function unescaped(token: string): string {
  if (token.startsWith("%")) return fromBytes(token);
  if (token.startsWith("&")) {
    const name = token.slice(1).replace(/;$/, "").toLowerCase();
    if (!name.startsWith("#")) return ENTITIES[name] ?? token;
    return fromCode(name[1] === "x" ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1)), token);
  }
  const kind = token.charAt(1);
  if (/[ux]/i.test(kind)) return fromCode(Number.parseInt(token.slice(2).replace("{", ""), 16), token);
  return CONTROLS[kind] ?? kind;
}

/** UTF-8, or one byte of Latin-1. */
function fromBytes(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    return token.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
}

/** A surrogate stands for itself: its other half follows. */
function fromCode(code: number, token: string): string {
  return code > 0x10ffff ? token : String.fromCodePoint(code);
}

function rewritten(view: View, pattern: RegExp, rewrite: (token: string) => string): View | undefined {
  let changed = false;
  const text: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const keep = (from: number, to: number) => {
    for (let at = from; at < to; at++) {
      text.push(view.text.charAt(at));
      starts.push(view.starts[at] ?? 0);
      ends.push(view.ends[at] ?? 0);
    }
  };
  let end = 0;
  for (const { 0: token, index } of view.text.matchAll(pattern)) {
    keep(end, index);
    end = index + token.length;
    const replacement = rewrite(token);
    changed ||= replacement !== token;
    for (const unit of replacement.split("")) {
      text.push(unit);
      starts.push(view.starts[index] ?? 0);
      ends.push(view.ends[end - 1] ?? 0);
    }
  }
  keep(end, view.text.length);
  return changed ? { text: text.join(""), starts, ends } : undefined;
}
