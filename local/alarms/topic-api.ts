import type { RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import type { RunEvents } from "../run-events.ts";

/**
 * SNS's API, as far as recovery calls it: what it says where alarms are said, the run tells.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export function topicApi(runEvents: RunEvents): RequestListener {
  return (request, response) => {
    const answer = async () => {
      const form = new URLSearchParams(await text(request));
      const action = form.get("Action") ?? "";
      response.setHeader("content-type", "text/xml");
      if (action !== "Publish") {
        response.statusCode = 400;
        response.end(
          "<ErrorResponse><Error><Code>InvalidAction</Code><Message>The local run knows Publish alone.</Message></Error></ErrorResponse>",
        );
        return;
      }
      runEvents.add({
        kind: "notice",
        subject: form.get("Subject") ?? "",
        text: form.get("Message") ?? "",
      });
      response.end(
        "<PublishResponse><PublishResult><MessageId>local</MessageId></PublishResult></PublishResponse>",
      );
    };
    void answer().catch(() => response.destroy());
  };
}
