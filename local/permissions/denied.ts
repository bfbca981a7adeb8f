import type { ServerResponse } from "node:http";
import { escapeXml } from "../cloud/xml.ts";

/** Answers a call that its caller may not make. */
export function denied(service: string, response: ServerResponse, text: string): void {
  answer(service, response, service === "s3" ? "AccessDenied" : "AccessDeniedException", text);
}

/** Answers a call under an access key that is none of this run's. */
export function unknownCaller(service: string, response: ServerResponse): void {
  response.setHeader("connection", "close"); // what it has brought along is not read
  const type = service === "s3" ? "InvalidAccessKeyId" : "UnrecognizedClientException";
  answer(service, response, type, "The access key is none of this run's.");
}

/** Each service has a protocol of its own. */
function answer(service: string, response: ServerResponse, type: string, text: string): void {
  if (service === "s3") {
    response.writeHead(403, { "content-type": "application/xml" });
    response.end(
      `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${type}</Code><Message>${escapeXml(text)}</Message></Error>`,
    );
    return;
  }
  const status = service === "ssm" || service === "dynamodb" ? 400 : 403;
  const mediaType = service === "lambda" ? "application/json" : "application/x-amz-json-1.0";
  response.writeHead(status, { "content-type": mediaType, "x-amzn-errortype": type });
  response.end(JSON.stringify({ __type: `com.amazon.coral.service#${type}`, message: text, Message: text }));
}
