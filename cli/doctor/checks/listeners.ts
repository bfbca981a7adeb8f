import { paginateListSubscriptionsByTopic, type Subscription } from "@aws-sdk/client-sns";
import { counted } from "../../counted.ts";
import type { Check } from "../check.ts";
import { resultsOf } from "../check-result.ts";

const { ok, warning, unchecked } = resultsOf("alarm topic");

/** In place of an ARN, for as long as nobody has confirmed. */
const PENDING = "PendingConfirmation";

/** Whether anybody hears of an alarm. A local run prints it. */
export const listeners: Check = {
  name: "alarm topic",
  async run({ environment: { kind, clients, outputs } }) {
    if (kind === "local") return [ok("a local run prints its alarms")];
    const TopicArn = outputs.alarmTopic;
    if (TopicArn === undefined) {
      return [unchecked("This version of the stack does not say where alarms go.", "Deploy this one.")];
    }
    const all: Subscription[] = [];
    const pages = paginateListSubscriptionsByTopic({ client: await clients.sns() }, { TopicArn });
    for await (const { Subscriptions: found = [] } of pages) all.push(...found);
    const pending = all.filter(({ SubscriptionArn: arn }) => arn === PENDING);
    const listening = all.length - pending.length;
    const findings = pending.map((subscription) =>
      warning(
        `${nameOf(subscription)} has not confirmed, and hears of no alarm.`,
        "Follow the link in the mail of AWS Notifications; after three days it is void, and the next deployment sends another.",
      ),
    );
    if (listening === 0) {
      findings.push(
        warning(
          "Nobody would hear of an alarm: its topic has no confirmed subscription.",
          "Set alarms.notify, endpoints or slack in infra/environments.ts, or subscribe somebody to the topic.",
        ),
      );
    }
    return findings.length > 0 ? findings : [ok(`${counted(listening, "subscription")}, all confirmed`)];
  },
};

/** `on.call@example.com`; of a URL the host alone: the rest may be a key. */
function nameOf({ Protocol: protocol = "", Endpoint: endpoint = "" }: Subscription): string {
  return /^https?$/.test(protocol) ? (URL.parse(endpoint)?.host ?? protocol) : endpoint;
}
