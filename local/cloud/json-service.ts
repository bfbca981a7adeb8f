import type { RequestListener } from "node:http";
import { ServiceError } from "./service-error.ts";

/**
 * Answers a service of AWS's JSON protocol.
 *
 * @param name what its calls are headed with: `AmazonSSM` in `x-amz-target: AmazonSSM.GetParameter`
 * @param act does one call; a {@link ServiceError} becomes the service's own, whatever else it throws ends the connection
 */
export function jsonService(
  name: string,
  act: (action: string, input: Readonly<Record<string, unknown>>) => Promise<unknown>,
): RequestListener {
  return (request, response) => {
    const answer = async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const action = String(request.headers["x-amz-target"]).replace(`${name}.`, "");
      const headers = { "content-type": "application/x-amz-json-1.1" };
      try {
        const output = await act(action, JSON.parse(Buffer.concat(chunks).toString()));
        response.writeHead(200, headers).end(JSON.stringify(output));
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        const { type, message, status } = error;
        response.writeHead(status, headers).end(JSON.stringify({ __type: type, message }));
      }
    };
    void answer().catch(() => response.destroy());
  };
}
