import { samples } from "../../../contract/samples/index.ts";
import { SampleRandom } from "../../../contract/samples/random.ts";
import { httpSources, sourceDefinitions } from "../../../contract/sources/index.ts";

const at = new Date("2026-11-24T12:00:00Z");
const text = (source: keyof typeof samples, seed: string) =>
  JSON.stringify(samples[source](new SampleRandom(seed), at));

test.each(httpSources)("%s reads all that it looks for out of its own sample", (source) => {
  const sample = samples[source](new SampleRandom("1"), at);
  expect(sourceDefinitions[source].describe(sample)).toMatchObject({
    eventType: expect.any(String),
    conversationId: expect.stringMatching(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    ),
    occurredAt: at.toISOString(),
  });
});

test.each(httpSources)("a sample of %s has the type that is asked for", (source) => {
  const sample = samples[source](new SampleRandom("1"), at, "Receipt");
  expect(sourceDefinitions[source].describe(sample)?.eventType).toBe("Receipt");
});

test("what is drawn lies between the least and the most, both included, and is drawn evenly", () => {
  const random = new SampleRandom("1");
  const drawn = Array.from({ length: 300 }, () => random.integer(3, 5));
  const counts = Map.groupBy(drawn, (number) => number);
  expect([...counts.keys()].sort()).toEqual([3, 4, 5]);
  for (const { length } of counts.values()) expect(length).toBeGreaterThan(70);
  expect(random.integer(7, 7)).toBe(7);
  expect(random.hex(64)).toMatch(/^[0-9a-f]{64}$/);
  expect(["a", "b"]).toContain(random.pick(["a", "b"]));
});

test("an EventBridge sample is what Genesys gives the bus", () => {
  expect(samples.eventbridge(new SampleRandom("1"), at, "v2.some.topic")).toMatchObject({
    "detail-type": "v2.some.topic",
    detail: { topicName: "v2.some.topic", version: "2", eventBody: { eventTime: at.getTime() } },
  });
});

test.each([...httpSources, "eventbridge"] as const)(
  "of %s, one seed gives one event, and another seed another",
  (source) => {
    const seeds = Array.from({ length: 50 }, (_, seed) => String(seed));
    expect(new Set(seeds.map((seed) => text(source, seed))).size).toBe(50);
    expect(seeds.map((seed) => text(source, seed))).toEqual(seeds.map((seed) => text(source, seed)));
  },
);
