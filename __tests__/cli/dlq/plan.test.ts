import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { createContext } from "../../../cli/context.ts";
import { carryOut } from "../../../cli/dlq/plan.ts";
import { type DeadLetters, startDeadLetters } from "../../support/dead-letters.ts";
import { forEachTest } from "../../support/hooks.ts";

const held = forEachTest<DeadLetters>(startDeadLetters);

/** Somebody else looks at one of the dead letters, for so long. */
async function look(seconds: number): Promise<void> {
  const { sqs, deadLetterQueueUrl: QueueUrl } = held.cloud;
  await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1, VisibilityTimeout: seconds }));
}

/** Does with two dead letters what is to be done with them. @returns what came of it, and how many were acted on */
async function actOnTwo() {
  await held.put("one");
  await held.put("two");
  const plan = new Set(held.state().map(({ id }) => id));
  const acted: (string | undefined)[] = [];
  const onQueue = async ({ MessageId: id }: { MessageId?: string | undefined }) => {
    acted.push(id);
    return { kind: "refused", error: new Error("too large") } as const;
  };
  const context = createContext(
    { data: held.folder, json: true, color: false },
    new AbortController().signal,
  );
  return {
    run: () => carryOut(context, plan, { onQueue, parked: onQueue }, { doing: "seen to", rate: 100 }),
    acted,
  };
}

test("what somebody else looks at for a moment is waited for, and nothing is done twice", async () => {
  const { run, acted } = await actOnTwo();
  await look(2);
  expect(await run()).toMatchObject({ refused: 2, gone: 0, hidden: 0 });
  expect(acted).toHaveLength(2);
}, 30_000);

test("what stays hidden is told as that, and not as gone", async () => {
  const { run } = await actOnTwo();
  await look(600);
  expect(await run()).toMatchObject({ refused: 1, gone: 0, hidden: 1 });
}, 30_000);

test("what is gone is gone", async () => {
  const { run } = await actOnTwo();
  held.cloud.reset();
  expect(await run()).toMatchObject({ refused: 0, gone: 2, hidden: 0 });
}, 30_000);

test("a redrive looks again where all that it may choose from is hidden for a moment", async () => {
  await held.put("one");
  await look(2);
  const { code, stdout } = await held.dlq("redrive", "--id", "id-one", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ chosen: 1, redriven: 1 });
}, 30_000);
