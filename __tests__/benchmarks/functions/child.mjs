/**
 * One execution environment: loads a bundle, hands it invocations, and tells what each step took, milliseconds of CPU
 * and of the clock.
 *
 *   child.mjs BUNDLE INVOCATIONS COUNT
 *
 * It tells its parent a line of JSON on descriptor 3. Before the invocations that are measured together it says
 * `{"steady":true}`, and waits for a byte. Of several invocations each one comes in its turn.
 */
import { readFileSync, readSync, writeSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [bundle, invocations, count] = process.argv.slice(2);
const given = JSON.parse(readFileSync(invocations, "utf8"));
const many = Number(count);

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};
const context = () => {
  const until = performance.now() + 30_000;
  return { awsRequestId: "measured", getRemainingTimeInMillis: () => until - performance.now() };
};
let number = 0;
const invoke = async (handler) => handler(structuredClone(given[number++ % given.length]), context());
const tell = (message) => writeSync(3, `${JSON.stringify(message)}\n`);

const at = { cpu: cpu(), wall: performance.now() };
const step = () => {
  const now = { cpu: cpu(), wall: performance.now() };
  const took = { cpu: now.cpu - at.cpu, wall: now.wall - at.wall };
  Object.assign(at, now);
  return took;
};
const { handler } = await import(pathToFileURL(bundle).href);
const load = step();
const answer = handler === undefined ? undefined : await invoke(handler);
const first = step();
const result = { load, first, answer };
if (many > 0) {
  for (let warm = 0; warm < many / 4; warm++) await invoke(handler);
  tell({ steady: true });
  readSync(3, Buffer.alloc(1));
  step();
  for (let warm = 0; warm < many; warm++) await invoke(handler);
  const all = step();
  result.warm = { cpu: all.cpu / many, wall: all.wall / many };
  result.megabytes = process.memoryUsage().rss / 1024 / 1024;
}
tell(result);
process.exit();
