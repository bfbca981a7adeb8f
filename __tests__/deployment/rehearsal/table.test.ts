import { compare, isMet, parsed } from "../../../deployment/rehearsal/finding.ts";
import { differences, table } from "../../../deployment/rehearsal/table.ts";

const findings = compare("aws_sqs_queue.main", {
  "retention, s": ["345600", "345600"],
  policy: [
    { a: 1, b: 2 },
    { a: 1, b: 3 },
  ],
  "not asked for": [undefined, "whatever"],
  absent: ["x".repeat(100), undefined],
});

describe("findings", () => {
  test("what is not asked for is no finding; what is asked for and absent is one that is not met", () => {
    expect(findings.map((finding) => [finding.property, isMet(finding)])).toEqual([
      ["retention, s", true],
      ["policy", false],
      ["absent", false],
    ]);
  });

  test("JSON is compared by what it says", () => {
    const [finding] = compare("x", { policy: [parsed('{"a":1,"b":[2]}'), parsed('{ "b": [2], "a": 1 }')] });
    expect(finding && isMet(finding)).toBe(true);
  });

  test("a number is not the text of it", () => {
    expect(compare("x", { n: [5, "5"] }).some(isMet)).toBe(false);
  });

  test("what has many lines takes one", () => {
    const lines = table(compare("plan", { changes: ["none", "will be\n  # changed"] })).split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(/^plan changes +none +will be # changed +DIFFERS$/);
  });

  test("the table says which differ and cuts what is long", () => {
    const lines = table(findings).split("\n");
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^check +asked +found +ok$/);
    expect(lines[2]).toMatch(/^aws_sqs_queue\.main retention, s +345600 +the same +ok$/);
    expect(lines[3]).toMatch(/^aws_sqs_queue\.main policy +\{"a":1,"b":2\} +\{"a":1,"b":3\} +DIFFERS$/);
    expect(lines[4]).toMatch(/^aws_sqs_queue\.main absent +x{55}… +nothing +DIFFERS$/);
  });

  test("what is as asked takes one row for each resource, or one for each property where every one is wanted", () => {
    const met = [
      ...compare("aws_sqs_queue.main", { "delay, s": ["0", "0"], policy: [{}, {}] }),
      ...compare("aws_sqs_queue.aside", { "delay, s": ["5", "5"], "retention, s": ["9", "8"] }),
    ];
    const rows = (every: boolean) =>
      table(met, every)
        .split("\n")
        .slice(2)
        .map((line) => line.split(/ {2,}/));
    expect(rows(false)).toEqual([
      ["aws_sqs_queue.main", "2: delay, s 0 · policy none", "the same", "ok"],
      ["aws_sqs_queue.aside delay, s", "5", "the same", "ok"],
      ["aws_sqs_queue.aside retention, s", "9", "8", "DIFFERS"],
    ]);
    expect(rows(true).map(([check]) => check)).toEqual([
      "aws_sqs_queue.main delay, s",
      "aws_sqs_queue.main policy",
      "aws_sqs_queue.aside delay, s",
      "aws_sqs_queue.aside retention, s",
    ]);
  });

  test("differences are told in full, and nothing else", () => {
    expect(differences(findings)).toBe(
      'aws_sqs_queue.main policy\n  asked {"a":1,"b":2}\n  found {"a":1,"b":3}\n' +
        `aws_sqs_queue.main absent\n  asked ${"x".repeat(100)}\n  found nothing`,
    );
  });
});
