import { terraformJson } from "./json-encode.ts";

/** `aws_sqs_queue.queues_main.url` */
export interface Reference {
  readonly address: string;
  readonly attribute: string;
}

const SPACE = /\s*/y;
const LITERAL = /(?:[^$%"\\]|\$(?!\$?\{)|%(?!%?\{))+/y;
/** Outside of quotes a quote and a backslash are characters like any other. */
const OUTER_LITERAL = /(?:[^$%]|\$(?!\$?\{)|%(?!%?\{))+/y;
const NOT_AN_OPENING = /\$\$\{|%%\{/y;
const OPENING = /\$\{/y;
const ESCAPE = /\\(?:[nrt"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /(?:true|false|null)(?![\w.-])/y;
const REFERENCE = /((?:data\.)?[a-z][a-z0-9_]*\.[A-Za-z_][\w-]*)\.([a-z][a-z0-9_]*)(?![\w.[(-])/y;
const CALL = /jsonencode\(/y;

const ESCAPED: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

/** Reads what cdktf writes of Terraform's expressions, from left to right, and evaluates it at once. */
export class ExpressionReader {
  readonly #text: string;
  readonly #resolve: (reference: Reference) => string;
  #at = 0;
  /** Where the outermost expression begins that is being read: what an error quotes. */
  #opened = 0;

  constructor(text: string, resolve: (reference: Reference) => string) {
    this.#text = text;
    this.#resolve = resolve;
  }

  /** @throws {Error} quoting the expression that is not understood */
  template(): string {
    let filled = "";
    while (this.#at < this.#text.length) {
      this.#opened = this.#at;
      filled += this.#take(OUTER_LITERAL)?.[0] ?? this.#part();
    }
    return filled;
  }

  /** What is alike inside and outside of quotes: an escaped opening, or an expression. */
  #part(): string {
    const escaped = this.#take(NOT_AN_OPENING);
    if (escaped) return escaped[0].slice(1);
    if (!this.#take(OPENING)) this.#refuse();
    const value = this.#value();
    if (typeof value === "object") this.#refuse(); // no text can be made of it
    this.#expect("}");
    return String(value);
  }

  #value(): unknown {
    this.#take(SPACE);
    const next = this.#text[this.#at];
    if (next === '"') return this.#quoted();
    if (next === "[") return this.#list();
    if (next === "{") return this.#object();
    if (this.#take(CALL)) {
      const value = this.#value();
      this.#expect(")");
      return terraformJson(value);
    }
    const word = this.#take(WORD) ?? this.#take(NUMBER);
    if (word) return JSON.parse(word[0]);
    const [, address, attribute] = this.#take(REFERENCE) ?? [];
    if (address === undefined || attribute === undefined) return this.#refuse();
    return this.#resolve({ address, attribute });
  }

  #quoted(): string {
    this.#expect('"');
    let text = "";
    while (this.#text[this.#at] !== '"') {
      const escaped = this.#take(ESCAPE)?.[0];
      text += escaped === undefined ? (this.#take(LITERAL)?.[0] ?? this.#part()) : unescaped(escaped);
    }
    this.#expect('"');
    return text;
  }

  #list(): unknown[] {
    const items: unknown[] = [];
    this.#members("[", "]", () => items.push(this.#value()));
    return items;
  }

  #object(): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    this.#members("{", "}", () => {
      const key = this.#quoted();
      this.#expect("=");
      entries.push([key, this.#value()]);
    });
    return Object.fromEntries(entries);
  }

  #members(open: string, close: string, readMember: () => void): void {
    this.#expect(open);
    for (let first = true; !this.#sees(close); first = false) {
      if (!first) this.#expect(",");
      this.#take(SPACE);
      readMember();
    }
    this.#expect(close);
  }

  #sees(token: string): boolean {
    this.#take(SPACE);
    return this.#text.startsWith(token, this.#at);
  }

  #expect(token: string): void {
    if (!this.#sees(token)) this.#refuse();
    this.#at += token.length;
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at = pattern.lastIndex;
    return match;
  }

  #refuse(): never {
    const rest = this.#text.slice(this.#opened);
    const end = rest.indexOf("}");
    const quoted = end === -1 ? rest.slice(0, 80) : rest.slice(0, Math.min(end + 1, 200));
    throw new Error(`does not understand the expression ${quoted}`);
  }
}

function unescaped(escaped: string): string {
  const code = escaped.slice(1);
  return ESCAPED[code] ?? String.fromCodePoint(Number.parseInt(code.slice(1), 16));
}
