import type { IncomingMessage, ServerResponse } from "node:http";
import { escapeXml } from "./xml.ts";

const TYPE = "NotImplemented";

/**
 * Answers a call to a service that the local run does not have, in the protocol that the call came in: a person reads
 * one sentence in their own SDK's error.
 */
export function notHere(service: string, request: IncomingMessage, response: ServerResponse): void {
  const text = `The local run has no ${service === "" ? "such service" : service}: it has what the pipeline uses.`;
  const { "content-type": type = "", "x-amz-target": target, "smithy-protocol": smithy } = request.headers;
  response.setHeader("connection", "close"); // what it has brought along is not read
  response.setHeader("x-amzn-errortype", TYPE);
  if (smithy === "rpc-v2-cbor") {
    response.writeHead(501, { "content-type": "application/cbor", "smithy-protocol": smithy });
    response.end(cborOf({ __type: TYPE, message: text }));
  } else if (type.startsWith("application/x-www-form-urlencoded")) {
    response.writeHead(501, { "content-type": "text/xml" });
    const error = `<Error><Type>Sender</Type><Code>${TYPE}</Code><Message>${escapeXml(text)}</Message></Error>`;
    response.end(`<ErrorResponse>${error}<RequestId>local</RequestId></ErrorResponse>`);
  } else {
    const media = target === undefined ? "application/json" : type || "application/x-amz-json-1.0";
    response.writeHead(501, { "content-type": media });
    response.end(JSON.stringify({ __type: TYPE, message: text, Message: text }));
  }
}

/** A map of short texts: RFC 8949. */
function cborOf(map: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(map);
  return Buffer.concat([Buffer.from([0xa0 + entries.length]), ...entries.flat().map(cborText)]);
}

function cborText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x79, bytes.length >> 8, bytes.length & 0xff]), bytes]);
}
