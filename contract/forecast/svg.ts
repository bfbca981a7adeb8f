import type { Forecast } from "./forecast.ts";
import type { Point } from "./timeline.ts";
import { count, span } from "./words.ts";

const WIDTH = 800;
const HEIGHT = 460;
const LEFT = 92;
const RIGHT = 24;
const BACKLOG = { top: 64, bottom: 250 };
const AGE = { top: 300, bottom: 410 };
/** Labels of limits that would cover each other stand under each other. */
const LABEL_ROWS = 3;
const LABEL_PIXELS = 13;

/** Its classes have a prefix of their own: it may stand in a page. */
const STYLE = `
.fc{font:12px system-ui,sans-serif;--fc-back:#fff;--fc-text:#1f2328;--fc-dim:#59636e;--fc-grid:#d1d9e0;--fc-down:#ffebe9;--fc-queue:#54aeff;--fc-bucket:#8250df;--fc-age:#bc4c00;--fc-limit:#a40e26}
@media (prefers-color-scheme:dark){.fc{--fc-back:#0d1117;--fc-text:#f0f6fc;--fc-dim:#9198a1;--fc-grid:#3d444d;--fc-down:#3c1618;--fc-queue:#388bfd;--fc-bucket:#ab7df8;--fc-age:#f0883e;--fc-limit:#ff7b72}}
.fc text{fill:var(--fc-text)}.fc .fc-dim{fill:var(--fc-dim)}.fc .fc-head{font-weight:600;font-size:14px}
.fc .fc-grid{stroke:var(--fc-grid);fill:none}.fc .fc-limit{stroke:var(--fc-limit);stroke-dasharray:4 3}.fc .fc-told{fill:var(--fc-limit)}
.fc .fc-age{stroke:var(--fc-age);stroke-width:2;fill:none}`;

/** A picture of a forecast: backlog and age over time, the outage shaded, limits as lines. No script is in it. */
export function forecastSvg(forecast: Forecast): string {
  const { timeline, question, outlook } = forecast;
  const end = timeline.at(-1)?.at || 1;
  const x = (at: number) => LEFT + ((WIDTH - LEFT - RIGHT) * at) / end;
  const most = Math.max(1, ...timeline.map(({ queue, bucket }) => queue + bucket));
  const oldest = Math.max(1, ...timeline.map(({ oldestSeconds }) => oldestSeconds));
  const events = scale(BACKLOG, most);
  const age = scale(AGE, oldest);
  const bucket = ({ bucket: parked }: Point) => events(parked);
  const all = ({ queue, bucket: parked }: Point) => events(queue + parked);
  const ground = () => BACKLOG.bottom;
  const what = titleOf(forecast);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="fc" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(what)}">`,
    `<title>${escaped(what)}</title><style>${STYLE}</style>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="var(--fc-back)"/>`,
    text(LEFT, 22, what, "fc-head"),
    ...[BACKLOG, AGE].map(
      ({ top, bottom }) =>
        `<rect x="${LEFT}" y="${top}" width="${round(x(question.outageSeconds) - LEFT)}" height="${bottom - top}" fill="var(--fc-down)"/>`,
    ),
    ...(question.outageSeconds > 0 ? [text(LEFT + 6, BACKLOG.top + 14, "destination down", "fc-dim")] : []),
    ...axis(BACKLOG, [0, most / 2, most], events, (value) => count(value)),
    ...axis(AGE, [0, oldest], age, span),
    area(timeline, x, all, bucket, "var(--fc-queue)"),
    area(timeline, x, bucket, ground, "var(--fc-bucket)"),
    `<polyline class="fc-age" points="${timeline.map((point) => `${round(x(point.at))},${round(age(point.oldestSeconds))}`).join(" ")}"/>`,
    text(LEFT, BACKLOG.top - 8, "events that wait", "fc-dim"),
    ...legend(outlook.parked > 0),
    text(LEFT, AGE.top - 8, "age of the oldest", "fc-dim"),
    ...limits(forecast, x, end),
    ...[0, 0.25, 0.5, 0.75, 1].map((share) =>
      text(x(share * end), AGE.bottom + 18, span(share * end), "fc-dim", share === 1 ? "end" : "middle"),
    ),
    text(LEFT, HEIGHT - 10, "time since the outage began", "fc-dim"),
    "</svg>",
  ].join("\n");
}

function titleOf({ question, outlook }: Forecast): string {
  const gone = outlook.longestWaitSeconds;
  return `${question.ratePerSecond} events a second, ${span(question.outageSeconds)} down: ${
    gone === undefined ? "the backlog is never gone" : `the backlog is gone after ${span(gone)}`
  }`;
}

interface Panel {
  readonly top: number;
  readonly bottom: number;
}

const scale =
  ({ top, bottom }: Panel, most: number) =>
  (value: number) =>
    bottom - ((bottom - top) * value) / most;

function axis(
  { bottom, top }: Panel,
  values: readonly number[],
  y: (value: number) => number,
  words: (value: number) => string,
): string[] {
  return [
    `<path class="fc-grid" d="M${LEFT} ${top}V${bottom}H${WIDTH - RIGHT}"/>`,
    ...values.map((value) => text(LEFT - 8, y(value) + 4, words(value), "fc-dim", "end")),
  ];
}

function area(
  points: readonly Point[],
  x: (at: number) => number,
  upper: (point: Point) => number,
  lower: (point: Point) => number,
  colour: string,
): string {
  const along = (y: (point: Point) => number) => (point: Point) => `${round(x(point.at))},${round(y(point))}`;
  const corners = [...points.map(along(upper)), ...points.toReversed().map(along(lower))];
  return `<polygon points="${corners.join(" ")}" fill="${colour}" fill-opacity=".75"/>`;
}

function legend(hasParked: boolean): string[] {
  const entries = [["on the queue", "queue"], ...(hasParked ? [["parked in the bucket", "bucket"]] : [])];
  return entries.flatMap(([words = "", colour], index) => [
    `<rect x="${LEFT + 140 + index * 130}" y="${BACKLOG.top - 17}" width="10" height="10" fill="var(--fc-${colour})"/>`,
    text(LEFT + 155 + index * 130, BACKLOG.top - 8, words, "fc-dim"),
  ]);
}

/** Those of later on are in the table. */
function limits({ limits: all }: Forecast, x: (at: number) => number, end: number): string[] {
  return all
    .filter(({ at }) => at > 0 && at <= end)
    .flatMap(({ at, name }, index) => {
      const isRight = x(at) > WIDTH * 0.6;
      const y = BACKLOG.top + 30 + (index % LABEL_ROWS) * LABEL_PIXELS;
      return [
        `<line class="fc-limit" x1="${round(x(at))}" x2="${round(x(at))}" y1="${BACKLOG.top}" y2="${AGE.bottom}"/>`,
        text(x(at) + (isRight ? -5 : 5), y, name, "fc-told", isRight ? "end" : "start"),
      ];
    });
}

function text(x: number, y: number, words: string, style: string, anchor = "start"): string {
  return `<text x="${round(x)}" y="${round(y)}" class="${style}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

const round = (value: number) => Math.round(value * 10) / 10;

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
