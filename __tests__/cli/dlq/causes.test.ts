import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { causeId, causesOf } from "../../../cli/dlq/causes.ts";
import type { DeadLetter } from "../../../cli/dlq/dead-letter.ts";
import { fold } from "../../../cli/dlq/fold.ts";
import { type DeadLetters, startDeadLetters } from "../../support/dead-letters.ts";

const death: DeadLetter = {
  messageId: "m",
  eventId: "e",
  class: "permanent",
  status: 422,
  reason: "The destination answered 422.",
  redrives: 0,
  source: "webhook",
  eventType: "conversation.ended",
  diedAt: "2026-11-24T08:30:00.000Z",
  bytes: 1,
  receives: 1,
  claimCheck: false,
};

describe("a reason is folded", () => {
  test.each([
    ["contact 12345 is not there", "contact <n> is not there"],
    ["contact12345 is not there", "contact<n> is not there"],
    ["event 6f9619ff-8b86-d011-b42d-00c04fc964ff twice", "event <id> twice"],
    ["lock 3f1c9a7be204 at 10.0.3.7:443", "lock <id> at <address>"],
    ["since 2026-11-24T08:30:00.123Z, 2026-11-23", "since <time>, <time>"],
    ["no such user: anna.smith@example.com", "no such user: <mail>"],
    ["took 5,000 ms of 12.5 s", "took <n> ms of <n> s"],
    ["case 00Q5g00000-AbC12_x9-77 locked", "case <id> locked"],
    ["/contacts/991/notes/17", "/contacts/<n>/notes/<n>"],
    ["TLS1 and sha256, v2 of utf8", "TLS1 and sha256, v2 of utf8"],
    ["two \n\t lines  of   text", "two lines of text"],
    ["Nummer ٣٤٥ fehlt", "Nummer <n> fehlt"],
    ["ein Kontakt fehlt", "ein Kontakt fehlt"],
  ])("%j becomes %j", (reason, folded) => {
    expect(fold(reason)).toBe(folded);
  });

  test("but a number that belongs to the cause stays, where it stands alone", () => {
    expect(fold("answered 422: code 4220 of item 42", [422])).toBe("answered 422: code <n> of item <n>");
  });

  test("to the same text whichever ids and numbers it has, and folded again it is the same", () => {
    const id = fc.oneof(fc.uuid(), fc.stringMatching(/^[0-9a-f]{5}[a-f][0-9][0-9a-f]{6,30}$/));
    fc.assert(
      fc.property(
        id,
        id,
        fc.nat(),
        fc.nat(),
        fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }),
        (a, b, n, m, date) => {
          const reason = (one: string, number: number, time: string) =>
            `Contact ${one} has ${number} open cases since ${time} (see /cases/${number}/${one}).`;
          const folded = fold(reason(a, n, date.toISOString()));
          expect(folded).toBe(fold(reason(b, m, "2026-01-01T00:00:00Z")));
          expect(fold(folded)).toBe(folded);
        },
      ),
    );
  });

  test("whatever a stranger wrote, it ends at once and is no longer than a line", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 5_000 }), (text) => {
        expect(fold(text).length).toBeLessThanOrEqual(400);
      }),
    );
    expect(fold("a@".repeat(100_000)).length).toBeLessThanOrEqual(400);
  });
});

test("causes differ by class, status, type and text; each tells how many, when, and its last event", () => {
  const at = (minute: number) => `2026-11-24T08:${String(minute).padStart(2, "0")}:00.000Z`;
  const found = causesOf([
    { ...death, eventId: "a", diedAt: at(5), reason: "No contact 17." },
    { ...death, eventId: "b", diedAt: at(9), reason: "No contact 18." },
    { ...death, eventId: "c", diedAt: at(1), reason: "No contact 19." },
    { ...death, status: 400, reason: "No contact 17." },
    { ...death, eventType: "other", reason: "No contact 17." },
    { ...death, class: "exhausted", reason: "No contact 17." },
  ]);
  expect(found).toHaveLength(4);
  expect(found[0]).toMatchObject({
    count: 3,
    share: 0.5,
    text: "No contact <n>.",
    firstAt: at(1),
    lastAt: at(9),
    example: "b",
    reason: "No contact 18.",
  });
  expect(new Set(found.map(({ id }) => id)).size).toBe(4);
  expect(causeId({ ...death, reason: "No contact 999." })).toBe(found[0]?.id);
});

describe("the command", () => {
  let deadLetters: DeadLetters;
  beforeAll(async () => {
    deadLetters = await startDeadLetters();
  });
  afterAll(() => deadLetters.stop());
  beforeEach(() => deadLetters.reset());

  /** Of each cause so many letters, no two with the same reason. */
  async function fill(...counts: readonly number[]): Promise<void> {
    for (const [cause, count] of counts.entries()) {
      const words = `${String.fromCharCode(97 + cause).repeat(5)} refused`;
      for (let letter = 0; letter < count; letter++) {
        await deadLetters.put(`${cause}-${letter}`, {
          class: "permanent",
          status: 422,
          message: `Contact ${randomUUID()} ${words} it ${letter} times.`,
        });
      }
    }
  }

  test("has a row for each cause, however many reasons there are; the first ten, and how many more", async () => {
    await fill(5, 4, 3, 2, 2, 2, 1, 1, 1, 1, 1, 1);
    const { stdout } = await deadLetters.dlq("stats");
    expect(stdout).toMatch(/^24 dead letters in the local run of test, of 12 causes\.\nThe first died 2026-/);
    expect(stdout.match(/--cause [0-9a-f]{8}, last/g)).toHaveLength(10);
    expect(stdout).toMatch(
      /\n5 {2}permanent 422 conversation:ended, 21 %\n {3}Contact <id> aaaaa refused it <n> times\.\n/,
    );
    expect(stdout).toMatch(/\n\nAnd 2 more causes: --top 12, or --json\.\n$/);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);

    const few = await deadLetters.dlq("stats", "--top", "1");
    expect(few.stdout).toMatch(/\n\nAnd 11 more causes: --top 12, or --json\.\n$/);
    const json = await deadLetters.dlq("stats", "--json", "--top", "1");
    expect((JSON.parse(json.stdout) as { causes: unknown[] }).causes).toHaveLength(12);
  });

  test("one cause is chosen by its id, for any command that takes a filter", async () => {
    await fill(3, 2);
    const { stdout } = await deadLetters.dlq("stats", "--json");
    const [, second] = (JSON.parse(stdout) as { causes: { id: string; count: number }[] }).causes;
    expect(second?.count).toBe(2);
    const id = second?.id ?? "";
    const dry = await deadLetters.dlq("redrive", "--cause", id.slice(0, 6), "--dry-run");
    expect(dry.stdout).toBe("2 would be redriven: 2 permanent.\n");
    const redriven = await deadLetters.dlq("redrive", "--cause", id, "--rate", "1000");
    expect(redriven).toMatchObject({ code: 0, stdout: "2 of 2 redriven.\n" });
    expect(deadLetters.state()).toHaveLength(3);
    expect((await deadLetters.dlq("redrive", "--cause", id, "--dry-run")).code).toBe(3);
  });

  test("a conversation's dead letters are listed by its id", async () => {
    await deadLetters.put("one");
    const [{ conversationId = "" } = {}] = (await deadLetters.dlq("list", "--json")).stdout
      .split("\n", 1)
      .map((line) => JSON.parse(line) as { conversationId?: string });
    expect(conversationId).not.toBe("");
    const chosen = async (id: string) =>
      (await deadLetters.dlq("list", "--json", "--conversation", id)).stdout;
    expect(await chosen(conversationId)).toContain(conversationId);
    expect(await chosen(conversationId.slice(0, 4))).toContain(conversationId);
    expect(await chosen("another")).toBe("");
  });

  test("counts by anything else when asked, the last hours for hours", async () => {
    for (const hour of ["07", "08", "08", "09"])
      await deadLetters.put(`at ${hour} ${randomUUID()}`, { lastAttemptAt: `2026-11-24T${hour}:00:00.000Z` });
    const { stdout } = await deadLetters.dlq("stats", "--by", "hour", "--top", "2");
    expect(stdout).toMatch(
      /\n\nHOUR \(UTC\) +COUNT\n2026-11-24T08 +2\n2026-11-24T09 +1\n\nAnd 1 more earlier hour: --top 3, or --json\.\n$/,
    );
  });
});
