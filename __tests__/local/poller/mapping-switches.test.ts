import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MappingSwitches } from "../../../local/poller/mapping-switches.ts";
import type { MappingModel } from "../../../local/stack/model.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "switches-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = () => MappingSwitches.open(join(folder, "switches.json"));

function mapping(changes: Partial<MappingModel> = {}): MappingModel {
  return {
    address: "aws_lambda_event_source_mapping.m",
    uuid: "m",
    arn: "arn",
    queueArn: "arn",
    functionArn: "arn",
    enabled: true,
    keepsEnabled: true,
    batchSize: 10,
    batchWindowSeconds: 0,
    maximumConcurrency: undefined,
    reportsBatchItemFailures: true,
    ...changes,
  };
}

test.each([true, false])("nobody has switched it: as the stack says, %s", async (enabled) => {
  expect((await open()).isEnabled(mapping({ enabled }))).toBe(enabled);
});

test("what was switched stays so at the next start, each mapping for itself", async () => {
  const first = await open();
  await Promise.all([
    first.set(mapping(), true),
    first.set(mapping(), false),
    first.set(mapping({ uuid: "n", enabled: false }), true),
  ]);
  const second = await open();
  expect(second.isEnabled(mapping())).toBe(false);
  expect(second.isEnabled(mapping({ uuid: "n", enabled: false }))).toBe(true);
  expect(second.isEnabled(mapping({ uuid: "o" }))).toBe(true);
  expect(await readdir(folder)).toEqual(["switches.json"]);
});

test("a stack that does not leave it alone switches it anew", async () => {
  await (await open()).set(mapping(), false);
  expect((await open()).isEnabled(mapping({ keepsEnabled: false }))).toBe(true);
});
