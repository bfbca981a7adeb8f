import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { type SignedRequest, signRequest } from "../../../contract/sources/signed-request.ts";
import { sampleEvent } from "../../../local/samples.ts";

/** Requests at a time: what a few senders have under way. */
const IN_FLIGHT = 16;
/** As Genesys does, where a busy machine is late. */
const MOST_TRIES = 20;
/** Events that are sent and not delivered: a backlog would be another measurement. */
const AHEAD = 500;

export interface Receiver {
  readonly url: string;
  /** The run's parameters as they are kept, its secret among them. */
  readonly parameters: string;
}

export interface Load {
  /** Where it takes deliveries. */
  readonly destination: string;
  /** Sends events until so many in all are sent, and waits for their deliveries. */
  deliver(events: number, receiver: Receiver): Promise<void>;
  stop(): Promise<void>;
}

/** A sender of signed events, and the destination that gets them. */
export async function startLoad(): Promise<Load> {
  const delivered = new Set<string>();
  let wake = () => {};
  const server = createServer((incoming, response) => {
    incoming.resume().on("end", () => {
      delivered.add(String(incoming.headers["idempotency-key"]));
      response.end();
      wake();
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  let sent = 0;

  const until = async (holds: () => boolean) => {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        const before = wake;
        wake = () => {
          before();
          resolve();
        };
      });
    }
  };

  return {
    destination: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    async deliver(events, { url, parameters }) {
      const secret = secretIn(parameters);
      const send = async () => {
        while (sent < events) {
          sent++;
          const body = sampleEvent(true);
          const signed = signRequest({ url, body }, { kind: "signature", encoding: "base64" }, secret);
          for (let left = MOST_TRIES; (await post(agent, signed)) !== 200; left--)
            if (left === 0) throw new Error("An event was not acknowledged.");
          await until(() => sent - delivered.size < AHEAD);
        }
      };
      await Promise.all(Array.from({ length: IN_FLIGHT }, send));
      await until(() => delivered.size >= events);
    },
    async stop() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** As a parameter keeps it: the webhook's. */
function secretIn(parameters: string): string {
  const [, found] =
    Object.entries(JSON.parse(parameters) as Record<string, { readonly value: string }>).find(([name]) =>
      name.includes("webhook"),
    ) ?? [];
  return (JSON.parse(found?.value ?? "{}") as { readonly current?: string }).current ?? "";
}

/** @returns the answer's status */
function post(agent: Agent, { url, headers, body }: SignedRequest): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sending = request(url, { method: "POST", agent, headers }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    });
    sending.on("error", reject).end(body);
  });
}
