import { once } from "node:events";
import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import pico from "picocolors";
import { terminalText, visibleJson } from "../contract/plain-text.ts";
import { type FitOptions, fitColumns } from "./fit-columns.ts";
import { Progress } from "./progress.ts";

export type Colours = ReturnType<typeof pico.createColors>;

export interface OutputOptions {
  /** One document, or JSON Lines, is all that stdout gets. */
  readonly json: boolean;
  /** `false`: never. Otherwise on a terminal, unless NO_COLOR is set. */
  readonly color: boolean;
}

/** What a command says: results on stdout, everything else on stderr. */
export class Output {
  readonly json: boolean;
  /** Of stdout. */
  readonly colours: Colours;
  /** Of stderr. */
  readonly noteColours: Colours;

  constructor({ json, color }: OutputOptions) {
    this.json = json;
    this.colours = pico.createColors(!json && color && isColourful(process.stdout));
    this.noteColours = pico.createColors(color && isColourful(process.stderr));
  }

  /** The result: as one JSON document with `--json`, else as `tell` says it to a person. */
  async result(document: unknown, tell: () => string): Promise<void> {
    if (this.json) return this.write(`${visibleJson(JSON.stringify(document, null, 2))}\n`);
    await this.write(`${terminalText(tell(), this.colours.isColorSupported)}\n`);
  }

  /** Many results: as JSON Lines with `--json`. */
  async results(documents: Iterable<unknown>, tell: () => string): Promise<void> {
    if (!this.json) return this.write(`${terminalText(tell(), this.colours.isColorSupported)}\n`);
    for (const document of documents) await this.write(`${visibleJson(JSON.stringify(document))}\n`);
  }

  /** To stdout as it is; returns when there is room for more. */
  async write(bytes: string | Uint8Array): Promise<void> {
    if (process.stdout.destroyed || process.stdout.write(bytes)) return;
    // Whether it failed is for context.ts to hear: a pipe that nobody reads any more is no error.
    await Promise.race([once(process.stdout, "drain"), once(process.stdout, "close")]).catch(() => undefined);
  }

  /** Whatever is no result: what is being done, a warning, how it ended. To stderr, a line of its own. */
  note(text: string): void {
    process.stderr.write(`${terminalText(text, this.noteColours.isColorSupported)}\n`);
  }

  /**
   * How far something has come, until it is stopped.
   *
   * @param doing what is counted: `redriven`
   */
  progress(doing: string, total: number): Pick<Progress, "update" | "stop"> {
    return new Progress(doing, total);
  }

  /**
   * Columns under a head; numbers to the right. Where there is a terminal, they fit its width.
   *
   * @param wrap whether the last column is broken for that; otherwise cells are cut, and columns left out
   */
  table(
    allHeads: readonly string[],
    allRows: readonly (readonly (string | number)[])[],
    { wrap = false, ...fit }: { readonly wrap?: boolean } & FitOptions = {},
  ): string {
    const { columns = Number.POSITIVE_INFINITY } = process.stdout;
    const { shown, widths: fitted } = wrap
      ? { shown: allHeads.map((_, column) => column), widths: undefined }
      : fitColumns(allHeads, allRows, columns, PADDING, fit);
    const head = shown.map((column) => allHeads[column] ?? "");
    const rows = allRows.map((row) => shown.map((column) => row[column] ?? ""));
    const table = new Table({
      ...(wrap ? { colWidths: widths(head, rows), wordWrap: true } : {}),
      ...(fitted === undefined ? {} : { colWidths: [...fitted] }),
      head: head.map((name) => this.colours.bold(name)),
      chars: NO_LINES,
      style: { head: [], border: [], "padding-left": 0, "padding-right": PADDING },
      colAligns: head.map((_, column) =>
        rows.length > 0 && rows.every((row) => typeof row[column] === "number") ? "right" : "left",
      ),
    });
    table.push(...rows.map((row) => [...row]));
    return table
      .toString()
      .split("\n")
      .map((line) => line.trimEnd())
      .join("\n");
  }
}

/** Least width of a column that is broken: narrower, nobody can read it. */
const NARROWEST = 30;

/** Of all columns but the last what they need, and of the last what is left of the terminal's width. */
function widths(head: readonly string[], rows: readonly (readonly (string | number)[])[]): (number | null)[] {
  const { columns } = process.stdout;
  if (columns === undefined) return [];
  const needed = head.slice(0, -1).map((name, column) => {
    const texts = [name, ...rows.map((row) => String(row[column] ?? ""))];
    return Math.max(...texts.map((text) => stripVTControlCharacters(text).length)) + PADDING;
  });
  const left = columns - needed.reduce((sum, width) => sum + width, 0);
  return [...needed.map(() => null), Math.max(NARROWEST, left)];
}

const PADDING = 2;

const NO_LINES = Object.fromEntries(
  ["top", "bottom", "left", "right"]
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .concat("mid", "mid-mid", "middle")
    .map((name) => [name, ""]),
);

function isColourful(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR: no, TERM: terminal } = process.env;
  return stream.isTTY === true && (no === undefined || no === "") && terminal !== "dumb";
}
