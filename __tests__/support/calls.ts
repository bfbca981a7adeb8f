import { type Channel, channel } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import { forEachTest } from "./hooks.ts";

/** What the code under test calls, as AWS would bill it. */
export interface CountedCalls {
  /** By service and operation: `sqs SendMessage`, `s3 GET`. */
  counts(): ReadonlyMap<string, number>;
  clear(): void;
  stop(): void;
}

/** Those of each test. */
export function countedCalls(): CountedCalls {
  return forEachTest(countCalls);
}

/** Counts every request that this process signs for AWS: Node tells of each before it goes out. */
function countCalls(): CountedCalls {
  const counts = new Map<string, number>();
  const requests: Channel = channel("http.client.request.start");
  const count = (message: unknown) => {
    const { request } = message as { readonly request: ClientRequest };
    const service = /\/([a-z0-9]+)\/aws4_request/.exec(String(request.getHeader("authorization")))?.[1];
    if (service === undefined) return;
    const target = request.getHeader("x-amz-target");
    const operation = target === undefined ? request.method : String(target).split(".").at(-1);
    const name = `${service} ${operation}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  };
  requests.subscribe(count);
  return {
    counts: () => counts,
    clear: () => counts.clear(),
    stop: () => {
      requests.unsubscribe(count);
    },
  };
}
