import { counted } from "../counted.ts";
import type { Output } from "../output.ts";
import type { SendReport } from "./tally.ts";

/** What an answer means for whoever sends, where it is not success. */
const MEANINGS: Readonly<Record<string, string>> = {
  401: "the signature or secret is not the receiver's",
  403: "the gateway refuses the caller",
  404: "there is no such source at that address",
  413: "too large: 6 MB is all that a function takes",
  429: "throttled by the gateway: send slower, or with --retry",
  503: "neither queue nor bucket took it, or its parameter holds no secret",
  timeout: "no answer in time",
  unreachable: "no connection",
};

/** For a person: how all was answered, and how fast. */
export function describeReport(report: SendReport, title: string, output: Output): string {
  const { sent, accepted, notAccepted, answers, latencyMilliseconds: latency, seconds, perSecond } = report;
  const paint = notAccepted === 0 ? output.colours.green : output.colours.red;
  const rows = Object.entries(answers).map(([answer, count]) => [answer, count, MEANINGS[answer] ?? ""]);
  return [
    `${paint(`${accepted} of ${sent}`)} accepted by ${title}`,
    output.table(["ANSWER", "REQUESTS", ""], rows),
    `latency  p50 ${latency.p50} ms, p99 ${latency.p99} ms, max ${latency.max} ms`,
    `in all   ${seconds} s, ${counted(perSecond, "event")} a second`,
  ].join("\n");
}
