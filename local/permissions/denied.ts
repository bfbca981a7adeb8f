import type { ServerResponse } from "node:http";

/** Answers a refused call as its service does, each in its own protocol. */
export function denied(service: string, response: ServerResponse, text: string): void {
  if (service === "s3") {
    response.writeHead(403, { "content-type": "application/xml" });
    response.end(
      `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>${escaped(text)}</Message></Error>`,
    );
    return;
  }
  const type = "AccessDeniedException";
  const status = service === "ssm" || service === "dynamodb" ? 400 : 403;
  const mediaType = service === "lambda" ? "application/json" : "application/x-amz-json-1.0";
  response.writeHead(status, { "content-type": mediaType, "x-amzn-errortype": type });
  response.end(JSON.stringify({ __type: `com.amazon.coral.service#${type}`, message: text, Message: text }));
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
