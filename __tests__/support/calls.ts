import { type Channel, channel } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import { added, billedUnits, type Units } from "./billed-units.ts";
import { forEachTest } from "./hooks.ts";

/** What the code under test calls, as AWS would bill it. */
export interface CountedCalls {
  /** By service and operation: `sqs SendMessage`, `s3 GET`. */
  counts(): ReadonlyMap<string, number>;
  /** What AWS bills for all of them. @throws where one is called whose price is not known */
  units(): Units;
  clear(): void;
  stop(): void;
}

/** Those of each test. */
export function countedCalls(): CountedCalls {
  return forEachTest(countCalls);
}

/** Counts every request that this process signs for AWS: Node tells of each before its body is written. */
function countCalls(): CountedCalls {
  const counts = new Map<string, number>();
  let billed: (() => Units)[] = [];
  const requests: Channel = channel("http.client.request.created");
  const count = (message: unknown) => {
    const { request } = message as { readonly request: ClientRequest };
    const service = /\/([a-z0-9]+)\/aws4_request/.exec(String(request.getHeader("authorization")))?.[1];
    if (service === undefined) return;
    const target = request.getHeader("x-amz-target");
    const name = `${service} ${target === undefined ? request.method : String(target).split(".").at(-1)}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    const end = request.end.bind(request) as (...args: unknown[]) => ClientRequest;
    request.end = (...args: unknown[]) => {
      const [body] = args;
      const input = () => (target === undefined ? undefined : JSON.parse(String(body)));
      billed.push(() => billedUnits(String(target ?? name), input()));
      return end(...args);
    };
  };
  requests.subscribe(count);
  return {
    counts: () => counts,
    units: () => added(billed.map((units) => units())),
    clear() {
      counts.clear();
      billed = [];
    },
    stop: () => {
      requests.unsubscribe(count);
    },
  };
}
