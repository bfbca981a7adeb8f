import "uplot/dist/uPlot.min.css";
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";

export interface Line {
  readonly label: string;
  /** Of the page's colours, without its dashes: `accent`. */
  readonly colour: string;
  readonly values: readonly (number | null)[];
}

interface GraphProps {
  /** For those who do not see it. */
  readonly label: string;
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  /** How a value is written. */
  readonly format: (value: number) => string;
  /** What may lie between two lines of the grid. */
  readonly steps?: readonly number[];
  /** How a time is written. @default the time of day */
  readonly clock?: (time: number) => string;
}

/** Times of day are written without seconds. */
const MINUTES = [60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400, 172_800, 604_800];
/** Ages that people count in, seconds. */
export const AGES = [
  ...[1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200],
  ...[86_400, 172_800, 604_800, 2_592_000],
];
const WHOLE_NUMBERS = [0, 1, 2, 3, 4, 5, 6].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power));

const HEIGHT = 150;

/** Lines over time, with the values where the pointer is, or else the last ones. */
export function Graph({ label, times, lines, format, steps = WHOLE_NUMBERS, clock = hours }: GraphProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const [at, setAt] = useState<number | null>(null);
  const [theme, setTheme] = useState(0);

  useEffect(() => {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const changed = () => setTheme((count) => count + 1);
    dark.addEventListener("change", changed);
    return () => dark.removeEventListener("change", changed);
  }, []);

  const names = lines.map((line) => line.label).join();
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const made = new uPlot(
      optionsOf(element, { lines, format, steps, clock }, setAt),
      dataOf(times, lines),
      element,
    );
    plot.current = made;
    const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.destroy();
    };
  }, [names, theme]);

  useEffect(() => plot.current?.setData(dataOf(times, lines)), [times, lines]);

  return (
    <figure>
      <figcaption>
        {lines.map(({ label: name, colour, values }) => {
          const value = at === null ? values.findLast((each) => each !== null) : values[at];
          return (
            <span key={name} class="key">
              <i class={`swatch ${colour}`} aria-hidden="true" />
              {name} <b>{value === null || value === undefined ? "–" : format(value)}</b>
            </span>
          );
        })}
      </figcaption>
      <div ref={box} class="plot" role="img" aria-label={label} />
    </figure>
  );
}

function dataOf(times: readonly number[], lines: readonly Line[]): uPlot.AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])];
}

function optionsOf(
  element: HTMLElement,
  { lines, format, steps, clock }: Required<Pick<GraphProps, "lines" | "format" | "steps" | "clock">>,
  setAt: (at: number | null) => void,
): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis = {
    stroke: colour("quiet"),
    grid: { stroke: colour("line"), width: 1 },
    ticks: { show: false },
    font: `11px ${style.fontFamily}`,
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [10, 18, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 6 } },
    scales: { y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] } },
    axes: [
      {
        ...axis,
        space: 60,
        size: 28,
        incrs: MINUTES,
        values: (_, splits) => splits.map((time) => clock(time)),
      },
      { ...axis, size: 54, incrs: [...steps], values: (_, splits) => splits.map((value) => format(value)) },
    ],
    series: [
      {},
      ...lines.map(({ label, colour: name }) => ({
        label,
        stroke: colour(name),
        fill: `${colour(name)}1f`,
        width: 1.75,
        spanGaps: true,
        points: { size: 4 },
      })),
    ],
    hooks: { setCursor: [({ cursor: { idx } }) => setAt(idx ?? null)] },
  };
}

function hours(time: number): string {
  return new Date(time * 1_000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}
