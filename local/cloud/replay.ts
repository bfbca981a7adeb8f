import { IncomingMessage } from "node:http";

/** A request whose body has been read, as if it had not been: for the listener that comes next. */
export function replay(request: IncomingMessage, body: Buffer): IncomingMessage {
  const again = new IncomingMessage(request.socket);
  const { method, url, headers, rawHeaders, httpVersion, httpVersionMajor, httpVersionMinor } = request;
  Object.assign(again, { method, url, rawHeaders, httpVersion, httpVersionMajor, httpVersionMinor });
  again.headers = headers;
  again.complete = true; // or its end would be taken for a client that went away
  again.push(body);
  again.push(null);
  return again;
}
