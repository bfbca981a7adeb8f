import { type EnvelopeHead, sha256 } from "../../contract/event/envelope.ts";
import { envelopeWithPayload, parseEvent } from "../../contract/event/write-envelope.ts";
import { isJsonObject } from "../../contract/sources/source.ts";
import type { ReceiverSettings } from "./settings.ts";

/**
 * The event's envelope, where it fits; with `drop-fields`, the envelope of what is left once enough of the
 * named fields are gone, marked with their paths. `undefined`: only a claim check will do.
 *
 * Dropping writes the JSON anew, so that the rest is no longer byte for byte what came; it is off by default.
 */
export function fittingEnvelope(
  head: EnvelopeHead,
  bytes: Buffer,
  onOversize: ReceiverSettings["onOversize"],
  fits: (envelope: string) => boolean,
): string | undefined {
  const whole = envelopeWithPayload(head, bytes);
  if (fits(whole)) return whole;
  return onOversize.kind === "drop-fields" ? envelopeOfRest(head, bytes, onOversize.paths, fits) : undefined;
}

function envelopeOfRest(
  head: EnvelopeHead,
  bytes: Buffer,
  paths: readonly string[],
  fits: (envelope: string) => boolean,
): string | undefined {
  const event = parseEvent(bytes)?.json;
  const dropped: string[] = [];
  for (const path of paths) {
    if (!drop(event, path.split("."))) continue;
    dropped.push(path);
    const rest = textOf(event);
    if (rest === undefined) return undefined;
    const envelope = envelopeWithPayload(
      { ...head, body_sha256: sha256(rest), dropped_fields: dropped },
      Buffer.from(rest),
    );
    if (fits(envelope)) return envelope;
  }
  return undefined;
}

/** Whether there was such a field. */
function drop(value: unknown, [name = "", ...rest]: readonly string[]): boolean {
  if (!isJsonObject(value) || !Object.hasOwn(value, name)) return false;
  if (rest.length > 0) return drop(value[name], rest);
  return Reflect.deleteProperty(value, name);
}

/** JSON text, or `undefined` where it is nested too deep to be written anew. */
function textOf(event: unknown): string | undefined {
  try {
    return JSON.stringify(event);
  } catch {
    return undefined;
  }
}
