import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClientOptions, GenesysClient } from "../../../cli/genesys/client.ts";
import type { Clock } from "../../../cli/genesys/clock.ts";
import { endpointOf, type Flow } from "../../../cli/genesys/endpoint.ts";
import { TokenCache } from "../../../cli/genesys/token-cache.ts";
import { Redaction } from "../../../contract/redaction/redaction.ts";
import { CLIENT } from "./stand-in.ts";

/** A clock on which pauses take no time: they are only written down. Milliseconds. */
interface TestClock extends Clock {
  readonly pauses: number[];
  /** Lets the time pass. */
  pass(milliseconds: number): void;
}

function testClock(start = Date.now()): TestClock {
  let now = start;
  const pauses: number[] = [];
  return {
    pauses,
    now: () => now,
    pause: async (milliseconds) => {
      pauses.push(milliseconds);
      now += milliseconds;
    },
    pass: (milliseconds) => {
      now += milliseconds;
    },
  };
}

export interface TestClient {
  readonly client: GenesysClient;
  readonly clock: TestClock;
  readonly redaction: Redaction;
  readonly cache: TokenCache;
  /** What the person was told beside the result. */
  readonly warnings: string[];
}

export interface TestClientOptions extends Partial<Omit<ClientOptions, "clock" | "cache">> {
  readonly flow?: Flow;
  readonly cacheFolder?: string;
  readonly clientId?: string;
  readonly secret?: string;
}

const folders: string[] = [];

/** A client of the stand-in, with a token cache of its own; half of every jitter is taken. */
export async function testClient(url: string, options: TestClientOptions = {}): Promise<TestClient> {
  const { flow = "platform", clientId = CLIENT.id, secret = CLIENT.secret, cacheFolder, ...more } = options;
  const folder = cacheFolder ?? (await mkdtemp(join(tmpdir(), "genesys-client-")));
  folders.push(folder);
  const warnings: string[] = [];
  const endpoint = endpointOf(undefined, url, flow);
  const cache = new TokenCache(endpoint, clientId, (text) => warnings.push(text), folder);
  const redaction = new Redaction();
  const clock = testClock();
  const client = new GenesysClient({
    endpoint,
    credentials: { clientId, clientSecret: async () => secret },
    cache,
    redaction,
    clock,
    random: () => 0.5,
    ...more,
  });
  return { client, clock, redaction, cache, warnings };
}

/** Removes what the clients have cached. */
export async function forgetTestClients(): Promise<void> {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
}
