import { Agent, request } from "node:http";
import type { EnvironmentInput } from "../../infra/settings.ts";
import type { LocalRun } from "../../local/run.ts";
import { quickInput, webhookEvent } from "./local-run.ts";

/**
 * An environment for thousands of events: all times as short as the rules allow, and few processes, for two
 * cores are all that there is.
 */
export const floodInput: EnvironmentInput = {
  ...quickInput,
  destination: { kind: "http", url: "https://destination.example.com/events", timeoutSeconds: 1 },
  processor: { timeoutSeconds: 6, batchConcurrency: 10, maximumConcurrency: 3 },
  queue: { visibilityTimeoutSeconds: 36 },
  breaker: { failingEvents: 5, probeBaseSeconds: 1, probeCapSeconds: 2, settleSeconds: 2 },
  recovery: { timeoutSeconds: 21, redrivesPerSecond: 500 },
};

/** So many different webhook events, with something in each that is easily broken on the way. */
export function manyEvents(count: number): Buffer[] {
  return Array.from({ length: count }, (_, number) =>
    webhookEvent("flood", { number, text: "Grüße 👋 \uffff" }),
  );
}

/**
 * Posts every event, signed, and again until it is acknowledged, as Genesys would.
 *
 * @param concurrency requests at a time, over connections that are kept
 * @param onRequest called before each request
 * @returns how many requests it took
 */
export async function flood(
  run: LocalRun,
  events: readonly Buffer[],
  { concurrency = 6, onRequest = () => {} }: { concurrency?: number; onRequest?: () => void } = {},
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const waiting = [...events];
  let requests = 0;
  const client = async () => {
    for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
      let status: number | undefined;
      while (status !== 200) {
        requests++;
        onRequest();
        status = await statusOf(run, event, agent);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  agent.destroy();
  return requests;
}

/** The answer's status; nothing where the connection broke. */
function statusOf(run: LocalRun, event: Buffer, agent: Agent): Promise<number | undefined> {
  const { url, headers, body } = run.signedRequest(event);
  return new Promise((resolve) => {
    const outgoing = request(url, { method: "POST", headers, agent }, (response) => {
      response.on("error", () => resolve(undefined)).on("end", () => resolve(response.statusCode));
      response.resume();
    });
    outgoing.on("error", () => resolve(undefined)).end(body);
  });
}
