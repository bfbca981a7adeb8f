import type { DestinationResponse } from "./response.ts";

/** An answer in a sentence, fit for a log line. */
export function answerText({ status, location }: Pick<DestinationResponse, "status" | "location">): string {
  return location === undefined
    ? `The destination answered ${status}.`
    : `The destination answered ${status}, and points to ${location}.`;
}

const MAX_CHARACTERS = 120;
/** Stands for the destination where a redirect names no other: its own URL is nobody's in a log. */
const HERE = "https://destination.invalid";

/**
 * Where a redirect leads, as far as a log may know it: host and path. Query, fragment, path parameters and a user's
 * name and password are left out, since sessions and tokens travel in them.
 *
 * @param header the `Location` header; one without a host gives its path alone
 * @returns undefined where it is no address on the web
 */
export function locationText(header: string): string | undefined {
  const url = header === "" ? null : URL.parse(header, HERE);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  const host = url.origin === HERE ? "" : url.origin;
  const text = `${host}${url.pathname.replaceAll(/;[^/]*/g, "")}`;
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
}
