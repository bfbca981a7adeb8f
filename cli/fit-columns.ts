import { stripVTControlCharacters } from "node:util";

export interface FitOptions {
  /** Columns whose cells are never cut: what a person copies. */
  readonly keep?: readonly string[];
  /** Columns that a narrow terminal does without, the first to go first. */
  readonly leaveOut?: readonly string[];
}

/** Columns of a table, as they fit a terminal. */
export interface FittedColumns {
  /** Which of them are shown, by their places. */
  readonly shown: readonly number[];
  /** Characters of each that is shown, padding included; nothing where all have what they need. */
  readonly widths: readonly number[] | undefined;
}

type Row = readonly (string | number)[];

/** Characters that a cell keeps for as long as a column can be left out instead. */
const READABLE = 12;

/** Chooses columns and widths for so many characters a line. What is cut is cut of the widest cells. */
export function fitColumns(
  head: readonly string[],
  rows: readonly Row[],
  columns: number,
  padding: number,
  { keep = [], leaveOut = [] }: FitOptions = {},
): FittedColumns {
  const needed = head.map(
    (name, column) => padding + widest([name, ...rows.map((row) => row[column] ?? "")]),
  );
  const isKept = (column: number) => keep.includes(head[column] ?? "");
  const least = (column: number, characters: number) =>
    isKept(column)
      ? width(column)
      : Math.min(width(column), Math.max(head[column]?.length ?? 0, characters) + padding);
  const width = (column: number) => needed[column] ?? 0;
  const sum = (widths: readonly number[]) => widths.reduce((total, each) => total + each, 0);

  let shown = head.map((_, column) => column);
  for (const name of leaveOut) {
    if (sum(shown.map((column) => least(column, READABLE))) <= columns) break;
    shown = shown.filter((column) => head[column] !== name);
  }
  const widths = shown.map(width);
  if (sum(widths) <= columns) return { shown, widths: undefined };
  while (sum(widths) > columns) {
    const cuttable = widths.map((each, place) => (each > least(shown[place] ?? 0, 0) ? each : 0));
    const most = Math.max(...cuttable);
    if (most === 0) break; // a head is never cut
    const place = cuttable.indexOf(most);
    widths[place] = most - 1;
  }
  return { shown, widths };
}

function widest(cells: readonly (string | number)[]): number {
  return Math.max(...cells.map((cell) => stripVTControlCharacters(String(cell)).length));
}
