import { readFile } from "node:fs/promises";

/** A call that the emulator got: a line of its calls file (moto_server.py). */
export interface NotedCall {
  /** Which says who called. */
  readonly accessKey: string;
  readonly region: string;
  /** As signatures spell it: `sqs`, `monitoring`. */
  readonly service: string;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** `AmazonSQS.CreateQueue`, for services that say it in a header. */
  readonly target: string;
  /** Of the body what is text and short: names and ARNs, and a query's `Action`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Everything that the emulator has noted so far; nothing where it has got no call. */
export async function readCalls(file: string): Promise<NotedCall[]> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as NotedCall);
}

/** `CreateQueue`; empty for services whose paths say it. */
export function operationOf({ target, parameters }: NotedCall): string {
  return target.split(".").at(-1) || (parameters["Action"] ?? "");
}
