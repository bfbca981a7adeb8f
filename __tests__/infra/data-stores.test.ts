import type { TerraformElement } from "cdktf";
import type { Node } from "constructs";
import { environments } from "../../infra/environments.ts";
import { EventPipelineStack } from "../../infra/stack.ts";
import { movedStores } from "../support/data-stores.ts";
import { guardedInput, leastInput, synthesise } from "../support/synthesise.ts";

const SECRETS = [
  "webhook",
  "open-messaging_6f0c2a1e-1111-4222-8333-444455556666",
  "open-messaging_second_2e_one",
  "data-action",
];

test("everything that holds data is where it always was", () => {
  expect(movedStores(synthesise(guardedInput), SECRETS)).toEqual([]);
});

test.each(Object.entries(environments))(
  "%s: everything that holds data is where it always was",
  (name, input) => {
    const without = name === "dev" ? ["aws_ssm_parameter.processor_destination_secret"] : [];
    expect(movedStores(synthesise(input, name), ["webhook"], without)).toEqual([]);
  },
);

test("a construct that is renamed is told as what it would destroy", () => {
  class Renamed extends EventPipelineStack {
    protected override allocateLogicalId(element: TerraformElement | Node): string {
      return super
        .allocateLogicalId(element)
        .replace(/^queues_main/, "queues_events")
        .replace(/^state$/, "memory");
    }
  }
  const stack = synthesise(leastInput, "test", Renamed);
  expect(movedStores(stack, ["webhook"], ["aws_ssm_parameter.processor_destination_secret"])).toEqual([
    "aws_sqs_queue.queues_main is gone: to deploy this is to destroy it, and with it every event that waits to be delivered. Keep its construct's id, or take it along with moveFromId().",
    "aws_dynamodb_table.state is gone: to deploy this is to destroy it, and with it the memory of what has been delivered, so that duplicates go through, and the breaker. Keep its construct's id, or take it along with moveFromId().",
    "aws_sqs_queue.queues_events holds data and is not written down in __tests__/support/data-stores.ts.",
    "aws_dynamodb_table.memory holds data and is not written down in __tests__/support/data-stores.ts.",
  ]);
});
