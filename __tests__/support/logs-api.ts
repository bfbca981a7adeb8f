import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { functionOutput } from "../../cli/events/function-output.ts";
import type { LogLine } from "../../cli/events/log-source.ts";
import { deployedOutputs } from "./deployed.ts";

const outputs = deployedOutputs("http://127.0.0.1:9");

/** What Logs Insights gives at most. */
const MOST_ROWS = 10_000;

interface Stored extends LogLine {
  readonly at: number;
  readonly id: string;
}

type Body = Readonly<Record<string, never>> & {
  readonly queryString?: string;
  readonly startTime?: number;
  readonly endTime?: number;
  readonly logGroupNames?: readonly string[];
  readonly logGroupName?: string;
  readonly queryId?: string;
  readonly nextToken?: string;
};

/** CloudWatch Logs as far as the operator's command uses it, over HTTP, in its JSON protocol. */
export interface LogsApi {
  readonly endpoint: string;
  /** What was asked for, by name. */
  readonly calls: string[];
  readonly queries: string[];
  /** What the next call of this name answers in place of what it would: once each. */
  readonly failures: {
    readonly call: string;
    readonly status: number;
    readonly type: string;
    readonly message?: string;
  }[];
  /** Statuses that the next queries end with, in place of `Complete`. */
  readonly ends: string[];
  /** Looks at a query before it is complete. */
  runningLooks: number;
  add(lines: readonly LogLine[]): void;
  stop(): Promise<void>;
}

const groupOf = ({ function: name }: LogLine) => `/aws/lambda/${outputs[functionOutput[name]]}`;

export async function startLogsApi(): Promise<LogsApi> {
  const stored: Stored[] = [];
  const running = new Map<string, { left: number; status: string; rows: Stored[]; scanned: number }>();
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const call = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
      api.calls.push(call);
      const at = api.failures.findIndex((failure) => failure.call === call);
      const [failure] = at < 0 ? [] : api.failures.splice(at, 1);
      if (failure !== undefined) {
        const { status, type, message = type } = failure;
        return answer(response, status, { __type: type, message });
      }
      answer(response, 200, results[call]?.(JSON.parse(body) as Body) ?? {});
    });
  });
  const results: Readonly<Record<string, (body: Body) => object>> = {
    StartQuery({ queryString = "", startTime = 0, endTime = 0, logGroupNames = [] }) {
      const queryId = `query-${running.size}`;
      api.queries.push(queryString);
      const [, id] = /event_id like "([^"]*)"/.exec(queryString) ?? [];
      const rows = stored.filter(
        (line) =>
          logGroupNames.includes(groupOf(line)) &&
          line.at >= startTime * 1_000 &&
          line.at < (endTime + 1) * 1_000 &&
          line.text.includes('"event_id"') &&
          (id === undefined || line.text.includes(id)),
      );
      running.set(queryId, {
        left: api.runningLooks,
        status: api.ends.shift() ?? "Complete",
        rows,
        scanned: 1e9,
      });
      return { queryId };
    },
    GetQueryResults({ queryId = "" }) {
      const query = running.get(queryId);
      if (query === undefined) return {};
      if (query.left-- > 0) return { status: "Running", results: [] };
      const { status, rows, scanned } = query;
      return {
        status,
        statistics: { recordsMatched: rows.length, recordsScanned: stored.length, bytesScanned: scanned },
        results: rows.slice(0, MOST_ROWS).map((line) => [
          { field: "@message", value: line.text },
          { field: "@log", value: `123456789012:${groupOf(line)}` },
          { field: "@ptr", value: line.id },
        ]),
      };
    },
    StopQuery: () => ({ success: true }),
    DescribeLogGroups: () => ({
      logGroups: [
        { logGroupName: `/aws/lambda/${outputs.receiverFunction}`, creationTime: 0, retentionInDays: 30 },
      ],
    }),
    FilterLogEvents({ logGroupName, startTime = 0, nextToken }) {
      const all = stored.filter((line) => groupOf(line) === logGroupName && line.at >= startTime);
      const from = Number(nextToken ?? 0);
      return {
        events: all
          .slice(from, from + 100)
          .map(({ id, at, text }) => ({ eventId: id, timestamp: at, message: `${text}\n` })),
        ...(from + 100 < all.length ? { nextToken: String(from + 100) } : {}),
      };
    },
  };
  const api: LogsApi = {
    endpoint: "",
    calls: [],
    queries: [],
    failures: [],
    ends: [],
    runningLooks: 0,
    add(lines) {
      for (const line of lines) {
        const { timestamp } = JSON.parse(line.text) as { readonly timestamp: string };
        stored.push({ ...line, at: Date.parse(timestamp), id: `id-${stored.length}` });
      }
    },
    stop: () => new Promise((resolve) => void server.close(() => resolve())),
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.keepAliveTimeout = 1;
  return Object.assign(api, { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
  response.end(JSON.stringify(body));
}
