import { statSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { jest } from "@jest/globals";
import { startDestination } from "../support/destination.ts";
import { forAllTests } from "../support/hooks.ts";
import { openWorkshop, quickInput } from "../support/local-run.ts";
import { REPOSITORY } from "../support/repository.ts";
import { shellWords } from "../support/shell.ts";
import { isThere, launch, type Started } from "../support/started.ts";

jest.setTimeout(90_000);

const workshop = forAllTests(openWorkshop);
const destination = forAllTests(startDestination);
let stackFile: string;
/** With a breaker that asks after a second. */
let breakerStack: string;

beforeAll(() => {
  stackFile = workshop.synthesise("stack", quickInput);
  const breaker = { failingEvents: 2, probeBaseSeconds: 1, probeCapSeconds: 1, settleSeconds: 1 };
  breakerStack = workshop.synthesise("breaker", { ...quickInput, breaker });
});

/** `node local/main.ts`, in a process group of its own, as a shell would start it. */
function start(data: string, ...more: string[]): Started {
  return launch(process.execPath, [join(REPOSITORY, "local", "main.ts"), ...optionsFor(data), ...more]);
}

/** `npm start`, in a process group of its own. */
function startWithNpm(data: string): Started {
  return launch("npm", ["start", "--", ...optionsFor(data)]);
}

function optionsFor(data: string): string[] {
  return ["--port", "0", "--stack", stackFile, "--data", join(workshop.folder, data)];
}

/** Posts the request that was printed, its words as a shell reads them: a sample may hold any character. */
async function postPrinted(line: string): Promise<Response> {
  const [, url = "", ...options] = await shellWords(line);
  const given = (option: string) => options.filter((_, place) => options[place - 1] === option);
  const headers = given("-H").map((header) => header.split(": ", 2) as [string, string]);
  return fetch(url, { method: "POST", headers, body: given("--data-binary").join() });
}

test("a newcomer sees both samples to their ends; Ctrl-C leaves nothing behind", async () => {
  const local = start("samples");
  await local.until(/delivered {2}on attempt [2-5]$/);
  await local.until(/dead letter {2}permanent \(422\): /);
  expect(local.lines.filter((line) => /accepted {2}webhook sample\./.test(line))).toHaveLength(2);
  expect(local.lines.some((line) => line.includes("refused (503), trying again"))).toBe(true);

  process.kill(-local.pid, "SIGINT"); // the whole group gets it, as from a terminal
  expect(await local.exit).toEqual([0, null]);
  expect(isThere(local.pid)).toBe(false);
  const left = await readdir(join(workshop.folder, "samples"), { recursive: true });
  expect(left.filter((path) => /lock|draft/.test(path))).toEqual([]);
});

test("a given folder that was open is its owner's alone while it runs, whatever comes to lie in it", async () => {
  const data = join(workshop.folder, "given");
  await mkdir(data);
  await writeFile(join(data, "parameters.json"), "{}");
  for (const path of [data, join(data, "parameters.json")]) await chmod(path, 0o777);
  const local = start("given");
  await local.until(/delivered {2}on attempt [2-5]$/);
  const paths = [".", ...(await readdir(data, { recursive: true }))];
  const open = paths.filter((path) => (statSync(join(data, path)).mode & 0o077) !== 0);
  expect(paths).toEqual(expect.arrayContaining(["run.json", "sqs", "dynamodb", "logs", "parameters.json"]));
  expect(open).toEqual([]);
  process.kill(local.pid, "SIGINT");
  expect(await local.exit).toEqual([0, null]);
});

test("--fresh deletes no folder that holds more than a run's data", async () => {
  const data = join(workshop.folder, "precious");
  await mkdir(data);
  await writeFile(join(data, "thesis.txt"), "x");
  const local = start("precious", "--fresh");
  expect(await local.exit).toEqual([1, null]);
  expect(local.lines.join("\n")).toContain("thesis.txt");
  expect(await readdir(data)).toEqual(["thesis.txt"]);
});

test("the request that is printed is accepted; a second run is told who has the folder", async () => {
  const local = start("request", "--no-samples");
  const response = await postPrinted(await local.until(/^curl /));
  expect(response.status).toBe(200);
  await local.until(/accepted {2}webhook/);

  const second = start("request", "--no-samples");
  expect(await second.exit).toEqual([1, null]);
  expect(second.lines.join("\n")).toContain(`Another run (process ${local.pid}) uses `);

  process.kill(local.pid, "SIGTERM");
  expect(await local.exit).toEqual([0, null]);
  expect(isThere(local.pid)).toBe(false);
});

test("an outage is told from its beginning to its end", async () => {
  destination.answer = () => ({ status: 503 });
  const options = ["--stack", breakerStack, "--destination", destination.url, "--schedule-every", "1"];
  const local = start("outage", ...options);
  await postPrinted(await local.until(/^curl /));
  await local.until(/ {2}breaker open: The destination answered 503\.$/);
  await local.until(/ {2}the queue is not consumed, its events wait$/);
  await local.until(/ {2}probe failed: The destination answered 503\.$/);
  await local.until(/ {2}recovery {2}breaker open$/);
  destination.answer = () => ({ status: 200 });
  // By a probe; or, where all that waits is hidden just then, by whatever is delivered first.
  await local.until(/ {2}(probe succeeded, deliveries resume|no event waits to probe with: .+)$/);
  await local.until(/ {2}the queue is consumed again$/);
  await local.until(/ {2}delivered {2}on attempt \d$/);
  process.kill(local.pid, "SIGINT");
  expect(await local.exit).toEqual([0, null]);
});

test.each(["0", "-1", "soon", "100000"])("a schedule of every %s s is refused", async (seconds) => {
  const local = start("refused", "--schedule-every", seconds);
  expect(await local.exit).toEqual([1, null]);
  expect(local.lines.join("\n")).toContain("It has to be a number of seconds, at most 86400.");
});

test("killed without a chance to tidy up, it leaves no process, and the next run takes over", async () => {
  const local = start("killed");
  await local.until(/accepted {2}webhook/);
  process.kill(local.pid, "SIGKILL");
  expect(await local.exit).toEqual([null, "SIGKILL"]);
  while (isThere(local.pid)) await pause(10); // its functions notice by themselves

  const next = start("killed", "--no-samples");
  await next.until(/^curl /);
  process.kill(next.pid, "SIGINT");
  expect(await next.exit).toEqual([0, null]);
});

test.each(["SIGTERM", "SIGKILL"] as const)("%s to npm alone ends `npm start` whole", async (signal) => {
  const npm = startWithNpm(`npm-${signal}`);
  await npm.until(/delivered {2}on attempt [2-5]$/); // it does not end by itself
  process.kill(npm.pid, signal);
  await npm.exit; // of npm, and of everyone who could still write to its output
  while (isThere(npm.pid)) await pause(10);
  expect(npm.lines).toContain("Stopping: running invocations finish first.");

  const next = start(`npm-${signal}`, "--no-samples");
  await next.until(/^curl /);
  process.kill(next.pid, "SIGINT");
  expect(await next.exit).toEqual([0, null]);
});

test("started without npm, it goes on when who started it is gone", async () => {
  const local = [join(REPOSITORY, "local", "main.ts"), ...optionsFor("orphan")];
  const shell = launch("sh", ["-c", '"$@" & wait', "sh", process.execPath, ...local]);
  await shell.until(/accepted {2}webhook/);
  process.kill(shell.pid, "SIGKILL");
  await shell.until(/delivered {2}on attempt [2-5]$/); // the sample destination is out of order for 3 s
  process.kill(-shell.pid, "SIGTERM");
  expect(await shell.exit).toEqual([null, "SIGKILL"]);
  expect(shell.lines).toContain("Stopping: running invocations finish first.");
});

test("what it does not understand, it says, naming the resource", async () => {
  const json = JSON.parse(await readFile(stackFile, "utf8")) as {
    resource: { aws_sqs_queue: Record<string, Record<string, unknown>> };
  };
  const [queue] = Object.values(json.resource.aws_sqs_queue);
  Object.assign(queue ?? {}, { fifo_queue: true });
  const changed = join(workshop.folder, "stack", "stacks", "test", "changed.tf.json");
  await writeFile(changed, JSON.stringify(json));
  const local = start("changed", "--stack", changed);
  expect(await local.exit).toEqual([1, null]);
  expect(local.lines.join("\n")).toMatch(/^aws_sqs_queue\.\w+ \(test\/queues\/.+"fifo_queue"/m);
});
