import * as z from "zod/mini";
import { number } from "./number.ts";

export const alarms = {
  /** Dead letters, visible and in flight, from which the alarm goes off. @default 1 */
  deadLetters: number({
    default: 1,
    minimum: 1,
    maximum: 1_000_000,
    unit: "dead letters",
    source: "this pipeline",
  }),
  /**
   * Dead letters that come within five minutes, beside others that have lain there for ten, from which another alarm
   * goes off. @default 10
   */
  newDeadLetters: number({
    default: 10,
    minimum: 1,
    maximum: 1_000_000,
    unit: "dead letters in five minutes",
    source: "this pipeline",
  }),
  /** Seconds that an event may wait for its delivery. @default 900 */
  oldestEventSeconds: number({
    default: 900,
    minimum: 1,
    maximum: 345_600,
    unit: "s",
    source: "this pipeline",
  }),
  /** Requests answered 401 within five minutes, from which the alarm goes off. @default 20 */
  unauthorizedRequests: number({
    default: 20,
    minimum: 1,
    maximum: 1_000_000,
    unit: "requests in five minutes",
    source: "this pipeline",
  }),
  /** E-mail addresses that hear of it; each has to confirm once. @default [] */
  notify: z._default(z.array(z.email("must be an e-mail address")), []),
  /**
   * Addresses that take alarms over https, of PagerDuty or Opsgenie for one; each confirms by itself. Such an address
   * stands in the state: one that nobody may see is subscribed to `topicArn`, outside of this stack. @default []
   */
  endpoints: z._default(z.array(z.url({ protocol: /^https$/, error: "must be an https address" })), []),
  /**
   * Slack channels, by Amazon Q Developer in chat applications. A person has to allow the workspace once in its
   * console. @default []
   */
  slack: z._default(
    z.array(
      z.strictObject({
        /** The workspace's, as that console shows it: `T07EA123LEP`. */
        workspaceId: z.string().check(z.regex(/^T[A-Z0-9]{8,}$/, "must be a Slack workspace's id")),
        /** The end of the channel's link: `C07EZ1ABC23`. */
        channelId: z.string().check(z.regex(/^[CG][A-Z0-9]{8,}$/, "must be a Slack channel's id")),
      }),
    ),
    [],
  ),
  /**
   * A topic that is there already, in the environment's region, with whoever listens to it. Its policy, and its key's,
   * must let `cloudwatch.amazonaws.com` and recovery's role publish. @default none: one of the environment's own is made
   */
  topicArn: z.optional(
    z
      .string()
      .check(z.regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+$/, "must be the ARN of a standard topic")),
  ),
};

/** Whether anybody would hear of an alarm. */
export function wakesSomebody({
  notify,
  endpoints,
  slack,
  topicArn,
}: {
  readonly notify: readonly unknown[];
  readonly endpoints: readonly unknown[];
  readonly slack: readonly unknown[];
  readonly topicArn?: string | undefined;
}): boolean {
  return notify.length + endpoints.length + slack.length > 0 || topicArn !== undefined;
}
