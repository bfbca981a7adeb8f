import { UsageError } from "../../contract/command-error.ts";
import { givenName } from "../../contract/event/identity.ts";
import { rawMember } from "../../contract/event/raw-json.ts";
import type { Environment } from "../environment/environment.ts";
import { post } from "./post.ts";
import type { Target } from "./target.ts";

/**
 * The partner bus of a local run, which takes events from whoever calls it; on AWS, Genesys alone may.
 *
 * @throws {UsageError} where there is no such bus, or not for us
 */
export function busTarget(
  { kind, outputs, account, title }: Environment,
  timeoutMilliseconds: number,
): Target {
  const { eventBus } = outputs;
  if (eventBus === undefined) {
    throw new UsageError(
      `${title} takes in no EventBridge events.`,
      "Switch the source on in infra/environments.ts.",
    );
  }
  if (kind !== "local" || account.endpoint === undefined) {
    throw new UsageError(
      "On AWS, nobody but Genesys puts events on its partner bus.",
      "Send them to a local run, or have Genesys send one: end a conversation.",
    );
  }
  const url = account.endpoint;
  return {
    url,
    title: `${eventBus} of ${title}`,
    async send(event) {
      const { answer, text } = await post(
        {
          url,
          headers: {
            "content-type": "application/x-amz-json-1.1",
            "x-amz-target": "AWSEvents.PutPartnerEvents",
            authorization: `AWS4-HMAC-SHA256 Credential=${account.accessKeyId}/20260101/${account.region}/events/aws4_request`,
          },
          body: JSON.stringify({ Entries: [entryOf(event.toString(), eventBus)] }),
        },
        timeoutMilliseconds,
      );
      if (answer !== 200) return { answer };
      const { FailedEntryCount: failed, Entries: entries } = JSON.parse(text) as {
        readonly FailedEntryCount: number;
        readonly Entries?: readonly { readonly EventId?: string }[];
      };
      if (failed > 0) return { answer: 500 };
      const [{ EventId: id } = {}] = entries ?? [];
      return { answer: 200, ...(id === undefined ? {} : { mark: `${givenName("eventbridge", [id])}~` }) };
    },
  };
}

/** An event as EventBridge hands it out, or the two members of it that its sender gives. */
function entryOf(event: string, Source: string) {
  const { "detail-type": DetailType } = JSON.parse(event) as { "detail-type"?: unknown };
  // The detail as its very text: big numbers and duplicate keys stay what they are.
  return { Source, DetailType, Detail: rawMember(event, "detail") };
}
