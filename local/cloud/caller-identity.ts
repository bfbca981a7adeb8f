import type { RequestListener } from "node:http";
import { text } from "node:stream/consumers";

/**
 * STS, as far as an operator asks it: who he is. Here, everybody is the account itself.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export function callerIdentity(account: string): RequestListener {
  return (request, response) => {
    const answer = async () => {
      const action = new URLSearchParams(await text(request)).get("Action");
      const headers = { "content-type": "text/xml" };
      if (action !== "GetCallerIdentity") {
        const message = `The local run does not know ${action}.`;
        const error = `<Error><Type>Sender</Type><Code>InvalidAction</Code><Message>${message}</Message></Error>`;
        response.writeHead(400, headers).end(`<ErrorResponse>${error}</ErrorResponse>`);
        return;
      }
      const who = `<Arn>arn:aws:iam::${account}:root</Arn><UserId>${account}</UserId><Account>${account}</Account>`;
      const result = `<GetCallerIdentityResult>${who}</GetCallerIdentityResult>`;
      response.writeHead(200, headers);
      response.end(`<GetCallerIdentityResponse>${result}</GetCallerIdentityResponse>`);
    };
    void answer().catch(() => response.destroy());
  };
}
