import { deliveryHeaders } from "../../../contract/event/delivery-headers.ts";
import type { QueuedEvent } from "../../../contract/event/read-envelope.ts";
import { decodeUtf8 } from "../../../contract/event/write-envelope.ts";

/** An event of more bytes is no command that a person would paste. */
const MOST_BYTES = 64 * 1024;

/** What would steer the terminal that it is pasted into. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: this is about them
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;

/**
 * The request of an event's next attempt to one's own machine, for a POSIX shell: without the destination's credentials.
 * `--data-raw`, since an event that begins with `@` is no file's name.
 *
 * @returns nothing where the event's bytes are no text, or too many
 */
export function asCurl(event: QueuedEvent, bytes: Buffer, attempt: number): string | undefined {
  const text = decodeUtf8(bytes);
  if (text === undefined || CONTROLS.test(text) || bytes.length > MOST_BYTES) return undefined;
  const { "content-length": _, ...headers } = deliveryHeaders({ event, bytes }, attempt);
  const lines = Object.entries(headers).map(([name, value]) => `  -H ${quoted(`${name}: ${value}`)}`);
  return ["curl http://localhost:3000", ...lines, `  --data-raw ${quoted(text)}`].join(" \\\n");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
