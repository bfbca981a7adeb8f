import { existsSync } from "node:fs";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BATCH_PROCESSED } from "../../contract/log-messages.ts";
import { FunctionLog } from "../../local/function-log.ts";

const FULL = "/dev/full"; // takes nothing, as a full disk
const here = existsSync(FULL) ? test : test.skip;

here("a full disk costs lines of the log, told once, and nothing else", async () => {
  const folder = await mkdtemp(join(tmpdir(), "log-"));
  await symlink(FULL, join(folder, "f.jsonl"));
  const heard: unknown[] = [];
  const troubles: string[] = [];
  const told = new Promise<void>((resolve) => {
    const log = new FunctionLog(folder, "f", {
      mayWrite: () => true,
      onEvent: ({ what }) => heard.push(what),
      onMetric: () => {},
      countedLines: [],
      onTrouble: (file, code) => {
        troubles.push(`${file}: ${code}`);
        log.line(JSON.stringify({ message: "Event delivered" }));
        resolve(log.close());
      },
    });
    log.line(JSON.stringify({ message: "Event accepted" }));
  });
  await told;
  expect(troubles).toEqual([`${join(folder, "f.jsonl")}: ENOSPC`]);
  expect(heard).toEqual(["accepted", "delivered"]);
  await rm(folder, { recursive: true });
});

test("what CloudWatch counts in a batch's line is counted, and the line is no event's", async () => {
  const folder = await mkdtemp(join(tmpdir(), "log-"));
  const heard: unknown[] = [];
  const counted: unknown[] = [];
  const metric = { namespace: "N", metric: "M", dimensions: {} };
  const log = new FunctionLog(folder, "f", {
    mayWrite: () => true,
    onEvent: ({ what }) => heard.push(what),
    onMetric: ({ values }) => counted.push(values),
    countedLines: [{ message: BATCH_PROCESSED, metric, unit: "Count", field: "EventsDelivered" }],
    onTrouble: (_, code) => heard.push(code),
  });
  log.line(JSON.stringify({ message: BATCH_PROCESSED, EventsDelivered: 3 }));
  log.line(JSON.stringify({ message: "Event delivered" }));
  await log.close();
  expect([heard, counted]).toEqual([["delivered"], [[3]]]);
  await rm(folder, { recursive: true });
});
