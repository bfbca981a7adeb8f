import { jest } from "@jest/globals";
import type { Script } from "../support/destination.ts";
import { localRun } from "../support/local-bench.ts";
import { postUntilTaken, quickInput, webhookEvent } from "../support/local-run.ts";
import { all, breaker, times } from "../support/watch.ts";

jest.setTimeout(90_000);

const bench = localRun({
  input: {
    ...quickInput,
    breaker: { failingEvents: 3, probeBaseSeconds: 2, probeCapSeconds: 2, settleSeconds: 1 },
  },
  scheduleEverySeconds: 1,
});
const { destination, run } = bench;

let events = 0;

/** Three events that the destination does not take: the breaker opens. Then it takes all, and the breaker closes. */
async function outage(down: Script, head: Script = down): Promise<string> {
  const [opened, delivered] = [all(run, "breakerOpened").length, all(run, "delivered").length];
  destination.answer = ({ method }) => (method === "POST" ? down : head);
  for (let each = 0; each < 3; each++) await postUntilTaken(run, webhookEvent(`outage-${events++}`));
  await times(run, "breakerOpened", opened + 1);
  const { fields } = all(run, "breakerOpened")[opened] ?? {};
  destination.answer = ({ method }) => (method === "POST" ? { status: 200 } : head);
  await times(run, "delivered", delivered + 3);
  while ((await breaker(run))?.status !== "closed")
    await times(run, "recovered", all(run, "recovered").length + 1);
  return String(fields?.["reason"]);
}

afterEach(() => {
  expect(destination.requests.filter(({ method }) => method !== "POST")).toEqual([]);
  expect(all(run, "deadLettered")).toEqual([]);
});

test.each<[string, Script]>([
  ["501", { status: 501 }],
  ["403", { status: 403 }],
  ["401", { status: 401 }],
  ["500", { status: 500 }],
  ["200 with a body", { status: 200, body: "hello" }],
  ["nothing, and hangs", "hang"],
  ["with a reset", "reset"],
])("a destination that answers HEAD %s: deliveries resume by themselves", async (_, head) => {
  expect(await outage({ status: 503 }, head)).toBe("The destination answered 503.");
});

test.each([302, 404, 401, 403])("%i to every POST is an outage, and dead-letters nothing", async (status) => {
  const reason = await outage({ status, headers: { location: "https://login.example.com/" } });
  expect(reason).toContain(`The destination answered ${status}`);
  if (status === 302) expect(reason).toContain("https://login.example.com/");
});
