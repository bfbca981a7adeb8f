import type { LocalRun } from "../../local/run.ts";

interface PartnerEvent {
  readonly Source: string;
  readonly DetailType?: string;
  /** JSON. */
  readonly Detail: string;
}

interface Answer {
  readonly FailedEntryCount: number;
  readonly Entries: readonly { readonly EventId?: string; readonly ErrorCode?: string }[];
}

/** Calls EventBridge as Genesys does. */
export async function putPartnerEvents(run: LocalRun, entries: readonly PartnerEvent[]): Promise<Answer> {
  const response = await fetch(run.cloud.url, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "AWSEvents.PutPartnerEvents",
      authorization: `AWS4-HMAC-SHA256 Credential=${run.cloud.accessKeys.operator}/20261124/eu-west-1/events/aws4_request`,
    },
    body: JSON.stringify({ Entries: entries }),
  });
  return (await response.json()) as Answer;
}
