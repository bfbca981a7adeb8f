import { AskedStack, block } from "../../../deployment/rehearsal/asked.ts";
import { reference } from "../../support/reference.ts";

const stack = new AskedStack(
  {
    terraform: {},
    provider: {},
    resource: {
      aws_sqs_queue: {
        main: { name: "events", delay_seconds: 0 },
        aside: {
          redrive_allow_policy: `{"sourceQueueArns":["${reference("aws_sqs_queue.main.arn")}"]}`,
          name: reference("aws_sqs_queue.main.name"),
          delay_seconds: reference("aws_sqs_queue.main.delay_seconds"),
          policy: reference(`jsonencode({"Resource" = ["${reference("aws_sqs_queue.main.arn")}/*"]})`),
          other_policy: reference('jsonencode({"Resource" = aws_sqs_queue.main.nothing})'),
        },
      },
      aws_x: {
        x: {
          nested: [{ of: reference("aws_y.y.list[0].id") }],
          unknown: reference("upper(aws_sqs_queue.main.name)"),
        },
      },
    },
  },
  {
    values: {
      root_module: {
        resources: [
          { address: "aws_sqs_queue.main", values: { arn: "arn:main", name: "events", delay_seconds: 0 } },
          { address: "aws_y.y", values: { list: [{ id: "first" }] } },
        ],
      },
    },
  },
);

describe("what a stack asks for", () => {
  test("references are filled in from the state, inside a text and alone, with their type", () => {
    const [main, aside] = stack.ofType("aws_sqs_queue");
    expect(main).toMatchObject({ address: "aws_sqs_queue.main", state: { arn: "arn:main" } });
    expect(aside?.attributes).toEqual({
      redrive_allow_policy: '{"sourceQueueArns":["arn:main"]}',
      name: "events",
      delay_seconds: 0,
      policy: '{"Resource":["arn:main/*"]}',
      other_policy: reference('jsonencode({"Resource" = aws_sqs_queue.main.nothing})'),
    });
  });

  test("nested references are followed through lists", () => {
    expect(stack.ofType("aws_x")[0]?.attributes["nested"]).toEqual([{ of: "first" }]);
  });

  test("an expression that is not understood stays, so that it differs from whatever is found", () => {
    expect(stack.ofType("aws_x")[0]?.attributes["unknown"]).toBe(reference("upper(aws_sqs_queue.main.name)"));
  });

  test("a type that the stack does not have has no resources", () => {
    expect(stack.ofType("aws_none")).toEqual([]);
  });

  test.each([
    [{ a: 1 }, { a: 1 }],
    [[{ a: 1 }], { a: 1 }],
    [[], undefined],
    [undefined, undefined],
  ])("a block written as %j is %j", (written, expected) => {
    expect(block(written)).toEqual(expected);
  });
});
