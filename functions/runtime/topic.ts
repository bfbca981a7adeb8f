import type { Notice } from "../../contract/notice.ts";
import { type ClientBounds, clientConfig, type Endpoint } from "./clients.ts";

/** Publishes to a topic. The client is loaded when there is something to say, which most runs have not. */
export function publisher(
  TopicArn: string,
  options: ClientBounds & Endpoint,
): (notice: Notice) => Promise<void> {
  return async ({ subject: Subject, text: Message }) => {
    const { PublishCommand, SNSClient } = await import("@aws-sdk/client-sns");
    const sns = new SNSClient(clientConfig(options));
    try {
      await sns.send(new PublishCommand({ TopicArn, Subject, Message }));
    } finally {
      sns.destroy();
    }
  };
}
