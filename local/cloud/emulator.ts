import type { IncomingMessage, ServerResponse } from "node:http";
import type { DatabaseSync } from "node:sqlite";
import { buildApp } from "fauxqs";
import { acceptAstralCharacters } from "./fauxqs.ts";

type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>["stores"]>;

type Persistence = NonNullable<Stores["sqsStore"]["persistence"]>;

/** What CloudWatch says of a queue. */
export interface QueueState {
  readonly name: string;
  readonly visible: number;
  readonly notVisible: number;
  readonly delayed: number;
  /** Seconds; 0 for an empty queue. */
  readonly oldestSeconds: number;
}

/** A service of the run, as the front calls it. */
export interface Emulator {
  readonly listener: (request: IncomingMessage, response: ServerResponse) => void;
  /** Every queue as it is now; none where the service has no queues. */
  queues(): readonly QueueState[];
  /** Answers or ends what is under way, and closes the data. */
  stop(): Promise<void>;
}

/**
 * SQS and S3: fauxqs without a port of its own. `startFauxqs` listens on every interface of the machine, and
 * what lies in these queues is nobody's business but its owner's. This is what it does besides listening.
 *
 * @param dataDirectory where queues and objects are kept
 * @param url where the services answer: queues are told to be there
 */
export async function openEmulator(region: string, dataDirectory: string, url: string): Promise<Emulator> {
  await acceptAstralCharacters();
  const { SqsStore } = await internal<{ SqsStore: new () => Stores["sqsStore"] }>("./sqs/sqsStore.js");
  const { SnsStore } = await internal<{ SnsStore: new () => Stores["snsStore"] }>("./sns/snsStore.js");
  const { S3Store } = await internal<{ S3Store: new () => Stores["s3Store"] }>("./s3/s3Store.js");
  const { PersistenceManager } = await internal<{
    PersistenceManager: new (directory: string) => Persistence;
  }>("./persistence.js");

  const stores: Stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  const persistence = new PersistenceManager(dataDirectory);
  const { db } = persistence as unknown as { readonly db: DatabaseSync };
  // What was written outlives this process, however it ends. Outliving the machine's own crash too would cost
  // a wait for the disk with every message, half of the run's whole time.
  db.exec("PRAGMA synchronous = NORMAL");
  keepReceiveCounts(persistence, db);
  persistence.load(stores.sqsStore, stores.snsStore, stores.s3Store); // before the stores write back
  for (const store of Object.values(stores)) Object.assign(store, { persistence });
  for (const queue of stores.sqsStore.allQueues()) queue.persistence = persistence;
  tellQueuesAt(url, stores.sqsStore);

  const app = buildApp({ logger: false, host: "127.0.0.1", defaultRegion: region, stores });
  await app.ready();
  return {
    listener: (request, response) => app.routing(request, response),
    queues: () => [...stores.sqsStore.allQueues()].map(stateOf),
    async stop() {
      await app.close();
      persistence.close();
    },
  };
}

/** A message received more often than this is not looked at: SQS puts it at the end of the queue. */
const RECEIVES_FOR_AGE = 3;

function stateOf(
  queue: ReturnType<Stores["sqsStore"]["allQueues"]> extends Iterable<infer Q> ? Q : never,
): QueueState {
  const { ready, delayed, inflight } = queue.inspectMessages();
  const messages = [...ready, ...delayed, ...inflight.map(({ message }) => message)];
  const sent = messages
    .filter(({ approximateReceiveCount: receives }) => receives <= RECEIVES_FOR_AGE)
    .map(({ sentTimestamp }) => sentTimestamp);
  const oldest = sent.reduce((all, at) => Math.min(all, at), Date.now());
  return {
    name: queue.name,
    visible: ready.length,
    notVisible: inflight.length,
    delayed: delayed.length,
    oldestSeconds: (Date.now() - oldest) / 1000,
  };
}

/**
 * fauxqs 2.4.1 forgets the receive count of a kept message that becomes visible at once (visibility 0): its
 * own table refuses that, and the message is out of every queue until the next start.
 */
function keepReceiveCounts(persistence: Persistence, db: DatabaseSync): void {
  const makeVisible = db.prepare(
    "UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?",
  );
  persistence.updateMessageReady = (messageId) => void makeVisible.run(messageId);
}

/**
 * fauxqs 2.4.1 makes a queue's URL of a host name that no machine resolves, and keeps the one of an earlier run, whose
 * port was another one. The SDK calls whatever it is told.
 */
function tellQueuesAt(url: string, store: Stores["sqsStore"]): void {
  const { queues } = store as unknown as {
    readonly queues: Map<string, { url: string; readonly name: string }>;
  };
  store.buildQueueUrl = (name) => `${url}/${ACCOUNT}/${name}`;
  for (const [former, queue] of [...queues]) {
    queues.delete(former);
    queue.url = `${url}/${ACCOUNT}/${queue.name}`;
    queues.set(queue.url, queue);
  }
}

/** AWS's own placeholder, which fauxqs has too. */
const ACCOUNT = "000000000000";

async function internal<T>(path: string): Promise<T> {
  return (await import(new URL(path, import.meta.resolve("fauxqs")).href)) as T;
}
