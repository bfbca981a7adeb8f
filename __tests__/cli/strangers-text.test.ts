import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bucketOf, tallyAttribute } from "../../contract/evidence.ts";
import { LOCAL_RUN_FILE, type LocalRunFacts } from "../../contract/local-run.ts";
import { toTerraformOutputs } from "../../contract/outputs.ts";
import { startAwsAnswers } from "../support/aws-answers.ts";
import type { CommandResult } from "../support/command.ts";
import { startDeadLetters } from "../support/dead-letters.ts";
import { deployedOutputs } from "../support/deployed.ts";
import { forAllTests } from "../support/hooks.ts";
import { HOSTILE, LONG, longestLine, unseenIn } from "../support/hostile.ts";
import { runInProcess } from "../support/in-process.ts";

/** More than any row of ours has; an event itself is shown as long as it is. */
const LONGEST_ROW = 2_500;

function expectText({ stdout, stderr }: CommandResult): void {
  expect(unseenIn(stdout)).toEqual([]);
  expect(unseenIn(stderr)).toEqual([]);
  expect(longestLine(stdout)).toBeLessThan(LONGEST_ROW);
  expect(longestLine(stderr)).toBeLessThan(LONGEST_ROW);
}

describe("of dead letters", () => {
  const deadLetters = forAllTests(startDeadLetters);
  // SQS refuses some characters in attributes and bodies; in the JSON of a body they come as escapes.
  const sent = (text: string) => text.replace(/[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "");
  const reason = (text: string) => ({
    message: sent(text).slice(0, 30_000),
    eventId: sent(text).slice(0, 30_000),
  });
  beforeAll(async () => {
    await deadLetters.put(`{"id":"one"}`, reason(HOSTILE), HOSTILE);
    await deadLetters.put(`{"id":"two"}`, reason(`${LONG}${HOSTILE}`), `${LONG}${HOSTILE}`);
    await deadLetters.put(`{"id":"three"}`, {
      source: sent(`${HOSTILE}${LONG}`).slice(0, 5_000) as "webhook",
    });
    const foreign = { DataType: "String", StringValue: "x" };
    await deadLetters.putMessage(sent(`no envelope ${HOSTILE}`), { reason_class: foreign });
    await deadLetters.putMessage(JSON.stringify({ id: HOSTILE, payload: {}, event_type: HOSTILE }));
  });

  test.each([
    [["list"]],
    [["list", "--type", "*nothing is wrong*"]],
    [["stats"]],
    [["show", "id-"]],
    [["redrive", "--dry-run"]],
    [["purge", "--dry-run"]],
    [["export", "-", "--class", "malformed"]],
  ])("`dlq %j` prints text, and short rows", async ([...args]) => {
    expectText(await deadLetters.dlq(...args));
  });

  test("one that is shown has its event whole, and nothing of it steers the terminal", async () => {
    const list = await deadLetters.dlq("list", "--json");
    const ids = list.stdout
      .split("\n")
      .flatMap((line) => (line === "" ? [] : (JSON.parse(line).messageId as string)));
    expect(ids).toHaveLength(5);
    for (const id of ids) {
      const shown = await deadLetters.dlq("show", id);
      expect({ code: shown.code, unseen: unseenIn(shown.stdout) }).toEqual({ code: 0, unseen: [] });
    }
  });

  test.each([[["list"]], [["stats"]], [["export", "-"]]])(
    "`dlq %j --json` says the same in JSON, in characters that can be seen",
    async ([...args]) => {
      const { stdout } = await deadLetters.dlq(...args, "--json");
      expect(unseenIn(stdout)).toEqual([]);
      expect(stdout).toContain("\\u202e");
    },
  );

  test("a pattern with many stars is held against a long type at once, and Ctrl-C would be heard", async () => {
    const { code, stdout } = await deadLetters.dlq("list", "--type", "v2.*detail*detail*detail*detail*end");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^None of \d+ dead letters is chosen by what was given\.\n$/);
  });
});

describe("of an environment's state", () => {
  const bench = forAllTests(
    async () => {
      const now = new Date().toISOString();
      const state = {
        ...{ status: "open", by: "processor", since: now, reason: `${HOSTILE}${LONG}`, held: true },
        ...{ lastProbe: { at: now, reason: HOSTILE }, failures: 3 },
      };
      const tally = (type: string) => ({
        [tallyAttribute(bucketOf(Date.now()), "failed", type)]: { N: "3" },
      });
      const aws = await startAwsAnswers((action) => {
        if (action === "GetItem") {
          return {
            body: { Item: { state: { S: JSON.stringify(state) }, ...tally(HOSTILE), ...tally(LONG) } },
          };
        }
        if (/event-source-mappings/.test(action)) {
          return { body: { State: "Disabled", StateTransitionReason: HOSTILE } };
        }
        if (action === "GetQueueAttributes")
          return { body: { Attributes: { ApproximateNumberOfMessages: "3" } } };
        return { error: "ValidationException", body: { message: `${HOSTILE}${LONG}` } };
      });
      const folder = await mkdtemp(join(tmpdir(), "strangers-"));
      const facts: LocalRunFacts = {
        ...{ pid: process.pid, environment: "test", url: aws.endpoint, region: "eu-west-1" },
        ...{ cloudUrl: aws.endpoint, accessKeyId: "test" },
        outputs: toTerraformOutputs(deployedOutputs(aws.endpoint)),
      };
      await writeFile(join(folder, LOCAL_RUN_FILE), JSON.stringify(facts));
      return { aws, folder };
    },
    async ({ aws, folder }) => {
      await aws.stop();
      await rm(folder, { recursive: true });
    },
  );

  test.each([
    ["breaker", "status"],
    ["breaker", "status", "--json"],
    ["breaker", "close"],
    ["doctor"],
    ["dlq", "list"],
    ["dlq", "redrive"],
    ["secret", "set"],
    ["send"],
  ])("`%s %s %s` prints text", async (...args) => {
    const words = args.filter((word): word is string => typeof word === "string");
    const result = await runInProcess([...words, "--data", bench.folder], {});
    expect(unseenIn(`${result.stdout}${result.stderr}`)).toEqual([]);
    expect(`${result.stdout}${result.stderr}`).not.toBe("");
    if (!words.includes("--json")) expect(longestLine(result.stdout)).toBeLessThan(LONGEST_ROW);
  });
});
