import { deadLetterAttributes } from "./dead-letter.ts";
import { attributeBytes, type MessageAttribute, messageBytes } from "./message-text.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html */
const MAX_ATTRIBUTES = 10;

const { class: reasonClass, status, redrives, message, ...others } = deadLetterAttributes;

/** What is counted over an event's life goes in first, in this order; the rest follows by name. */
const FIRST: readonly string[] = [reasonClass, status, redrives, ...Object.values(others), message];

/** A sentence that is cut shorter says nothing. */
const SHORTEST_MESSAGE_BYTES = 20;

export interface FittedAttributes {
  readonly attributes: Record<string, MessageAttribute>;
  /** The names of those for which the message had no room. */
  readonly leftOut: readonly string[];
}

/**
 * Of a message's attributes those with which SQS takes it: ten at most, and no more bytes than the queue allows.
 * Every send that adds attributes to a message of somebody else's goes through here.
 *
 * Class, status and redrives are always among them: without the class recovery would bring back what can never
 * succeed, without the redrives it would do so for ever. The reason's message is cut before it is left out.
 *
 * @param maxBytes what the queue takes, body and attributes together
 * @returns `undefined` where there is no room even for these three: such a message stays where it is
 */
export function fitAttributes(
  body: string,
  given: Readonly<Record<string, MessageAttribute>>,
  maxBytes: number,
): FittedAttributes | undefined {
  let room = maxBytes - messageBytes(body);
  const taken = new Map<string, MessageAttribute>();
  const leftOut: string[] = [];
  for (const name of inOrder(Object.keys(given))) {
    const whole = given[name] as MessageAttribute;
    const attribute = name === message ? shortened(whole, room - attributeBytes(name, noText(whole))) : whole;
    const bytes = attributeBytes(name, attribute);
    if (bytes <= room && taken.size < MAX_ATTRIBUTES) {
      taken.set(name, attribute);
      room -= bytes;
    } else if (isRequired(name, whole)) {
      return undefined;
    } else {
      leftOut.push(name);
    }
  }
  if (room < 0) return undefined;
  const asGiven = Object.keys(given).flatMap((name) => {
    const attribute = taken.get(name);
    return attribute === undefined ? [] : [[name, attribute] as const];
  });
  return { attributes: Object.fromEntries(asGiven), leftOut };
}

/** An event that says nothing of redrives had none. */
function isRequired(name: string, { StringValue: value }: MessageAttribute): boolean {
  return name === reasonClass || name === status || (name === redrives && value !== "0");
}

function inOrder(names: readonly string[]): string[] {
  const known = FIRST.filter((name) => names.includes(name));
  return [...known, ...names.filter((name) => !known.includes(name)).sort()];
}

const noText = (attribute: MessageAttribute): MessageAttribute => ({ ...attribute, StringValue: "" });

/** As much of a text as so many bytes hold; all of it where that would be next to nothing. */
function shortened(attribute: MessageAttribute, bytes: number): MessageAttribute {
  const text = attribute.StringValue ?? "";
  if (Buffer.byteLength(text) <= bytes || bytes < SHORTEST_MESSAGE_BYTES) return attribute;
  let left = bytes;
  let end = 0;
  for (const character of text) {
    left -= Buffer.byteLength(character);
    if (left < 0) break;
    end += character.length;
  }
  return { ...attribute, StringValue: text.slice(0, end) };
}
