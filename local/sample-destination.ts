import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fated } from "../contract/samples/fated.ts";
import { refuse, strangeRequest } from "./own-callers.ts";

export interface SampleDestination {
  readonly url: string;
  stop(): Promise<void>;
}

/** Milliseconds, from the first request on, for which it is out of order. */
const OUTAGE_MILLISECONDS = 3_000;
/** One event's refusals are bounded, so that none uses up its attempts. */
const MOST_REFUSALS = 3;

/**
 * A destination to watch: answers 503 for its first seconds, then 200, and 422 to the one event that it does
 * not understand.
 */
export async function startSampleDestination(): Promise<SampleDestination> {
  const refusals = new Map<string, number>();
  let outageEnds: number | undefined;

  const statusFor = (id: string, body: Buffer): number => {
    outageEnds ??= Date.now() + OUTAGE_MILLISECONDS;
    const refused = refusals.get(id) ?? 0;
    if (isUnprocessable(body)) return 422;
    if (Date.now() >= outageEnds || refused >= MOST_REFUSALS) return 200;
    refusals.set(id, refused + 1);
    return 503;
  };

  const server = createServer((request, response) => {
    const strange = strangeRequest(request.headers, host());
    if (strange !== undefined) return refuse(response, strange);
    void read(request).then(
      (body) => {
        const status = statusFor(String(request.headers["idempotency-key"]), body);
        response.writeHead(status, { "content-type": "text/plain" }).end(SAID[status]);
      },
      () => response.destroy(),
    );
  });
  const host = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  return { url: `http://${host()}/events`, stop: () => close(server) };
}

const SAID: Readonly<Record<number, string>> = {
  200: "thank you",
  422: "a sample that is meant to end as a dead letter",
  503: "out of order for a moment",
};

function isUnprocessable(body: Buffer): boolean {
  try {
    const event = JSON.parse(body.toString()) as { eventType?: unknown } | null;
    return event?.eventType === fated.eventType;
  } catch {
    return false;
  }
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
