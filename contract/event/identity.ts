import { sha256 } from "./envelope.ts";
import type { Scalar } from "./raw-json.ts";

/**
 * What makes two deliveries the same event. An event's id is a name and its bytes, `<name>~<hash>`; it is the
 * `Idempotency-Key` too. The same name with other bytes is another event, under another key.
 * docs/decisions/0017-identity-is-given-or-made.md
 *
 * | name | whose |
 * |---|---|
 * | `<source>\|<value>\|<value>` | given by the sender: its own ids, or the value at `dedupePath` |
 * | `<source>@<time>+<seconds>` | made, where the sender repeats itself: what it sends again within its retry span |
 * | `<source>!<uuid>` | made, where the sender does not: every request is an event of its own |
 * | `<source>*` | made, of an envelope that is not ours: its bytes alone |
 */

const MAX_NAME_CHARACTERS = 200; // a destination's servers refuse long headers
const HASH_CHARACTERS = 32; // 128 bits: nobody finds two events that share them

/** The name of an event that its sender has named. No two different lists of values share one. */
export function givenName(source: string, values: readonly Scalar[]): string {
  return shortened(source, [source, ...values.map(toText)].join("|"));
}

/**
 * The name of an event whose sender repeats itself for so many seconds: the window of that length in which it
 * came. Two windows may hold the same event, where they are next to each other: see {@link homeOf}.
 *
 * @param values what the sender is told apart by, an integration for one
 */
export function repeatedName(
  source: string,
  values: readonly Scalar[],
  receivedAt: Date,
  spanSeconds: number,
): string {
  return `${givenName(source, values)}@${windowOf(receivedAt.getTime(), spanSeconds)}+${spanSeconds}`;
}

/** Where a window begins: ISO 8601, UTC, without milliseconds. */
function windowOf(receivedAt: number, spanSeconds: number): string {
  const span = spanSeconds * 1000;
  return new Date(Math.floor(receivedAt / span) * span).toISOString().replace(".000Z", "Z");
}

const WINDOW = /@([^@+]*)\+(\d+)~/;

/**
 * The id that the same bytes would have, received at another time.
 *
 * @param id of a sender that repeats itself
 * @param receivedAt milliseconds since 1970
 */
export function idReceivedAt(id: string, receivedAt: number): string {
  return id.replace(
    WINDOW,
    (_, _window, seconds: string) => `@${windowOf(receivedAt, Number(seconds))}+${seconds}~`,
  );
}

/** When the window begins that an id names: milliseconds since 1970; `NaN` where it names none. */
export function windowBegins(id: string): number {
  return Date.parse(WINDOW.exec(id)?.[1] ?? "");
}

/** The name of an event whose sender never repeats itself. */
export function uniqueName(source: string, uuid: string): string {
  return `${source}!${uuid}`;
}

/** The name of an event that somebody else has put on the queue, who names none. */
export function bareName(source: string): string {
  return `${source}*`;
}

/** An id that another producer has given, as a name; one of ours is a name already. */
export function nameOfId(source: string, id: string): string {
  return id.startsWith(source) && /^[|@!*][!-~]{0,300}$/.test(id.slice(source.length))
    ? id
    : givenName(source, [id]);
}

/** The id of the event with this name and these bytes. One that is bound to them already stays as it is. */
export function bindToBytes(name: string, bodySha256: string): string {
  const bytes = `~${bodySha256.slice(0, HASH_CHARACTERS)}`;
  return name.endsWith(bytes) ? name : `${name}${bytes}`;
}

/** The source that an id begins with. */
export function sourceOfId(id: string): string | undefined {
  return /^([a-z-]+)[|@!*]/.exec(id)?.[1];
}

/** Whether an id names bytes, whichever. */
export function isBound(id: string): boolean {
  return /~[0-9a-f]{32}$/.test(id);
}

/**
 * So many characters of an id's hash: enough to follow one event, since ids begin alike and are long. What EventBridge
 * calls an event has the same ones as that event's id.
 */
export function shortId(id: string, characters: number): string {
  const [, eventBridgeId = id] = /^eventbridge\|([^~]*)~[0-9a-f]+$/.exec(id) ?? [];
  return sha256(eventBridgeId).slice(0, characters);
}

/** Whether a person means this id: by its beginning, by that of what the sender has given, or by its short form. */
export function isMeant(id: string, beginning: string): boolean {
  const given = id.replace(/^[a-z-]+[|@!*]/, "");
  return [id, given, shortId(id, 64)].some((text) => text.startsWith(beginning));
}

/** Where events that may be the same, or may be taken for the same, meet. */
export interface Home {
  /** The same for all of them. */
  readonly id: string;
  /** Of a sender that repeats itself: those received within so many milliseconds of the first are one event. */
  readonly spanMilliseconds?: number;
}

/** Events of one name meet whatever their bytes; those of a sender that repeats itself, whatever their window. */
export function homeOf(id: string): Home {
  const end = id.lastIndexOf("~");
  if (end === -1) return { id };
  const [name, bytes] = [id.slice(0, end), id.slice(end)];
  const [, sender, seconds] = name.match(/^([^@]*)@[^@+]*\+(\d+)$/) ?? [];
  if (sender !== undefined) return { id: `${sender}@${bytes}`, spanMilliseconds: Number(seconds) * 1000 };
  return { id: name.includes("|") ? name : id };
}

/** A value as text that no other has: visible ASCII, with nothing in it that joins a name or an id. */
function toText(value: Scalar): string {
  if (typeof value !== "string") return `#${value.digits}`;
  return value.replace(/[^A-Za-z0-9._:/{}(),;+-]/gu, (character) =>
    character.isWellFormed()
      ? [...Buffer.from(character)].map((byte) => `=${hex(byte, 2)}`).join("")
      : `=u${hex(character.charCodeAt(0), 4)}`,
  );
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, "0");
}

function shortened(source: string, name: string): string {
  return name.length <= MAX_NAME_CHARACTERS ? name : `${source}|*${sha256(name)}`;
}
