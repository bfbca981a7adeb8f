import type { DestinationSettings } from "../../contract/variables/destination.ts";
import { answerText } from "../destination/answer-text.ts";
import type { Credentials } from "../destination/credentials.ts";
import type { Exchange, HttpSettings } from "../destination/exchange.ts";
import { failureText } from "../destination/failure-text.ts";
import { classOfStatus, isUnauthorized, TransientError } from "../destination/response.ts";
import { TimeUpError, within } from "../runtime/within.ts";
import type { ProbeResult } from "./recover.ts";

/**
 * Asks the destination whether it is there, without handing it an event: a HEAD request. Whatever is neither
 * a transient failure nor a refusal of our credentials is a sign of life, a 404 or 405 too: many endpoints
 * know POST alone.
 *
 * The team's own handlers cannot be asked; for them the pause is the probe, and half-open the test.
 */
export function probeFor(
  settings: DestinationSettings,
  openExchange: (settings: HttpSettings) => Exchange,
  credentials: Credentials | undefined,
): () => Promise<ProbeResult> {
  if (settings.kind === "handlers") return () => Promise.resolve({ well: true });
  const exchange = openExchange(settings);
  return async () => {
    try {
      const held = await credentials?.current();
      const answer = await within("The probe", settings.timeoutMilliseconds, (signal) =>
        exchange({ method: "HEAD", headers: { ...held?.headers }, signal, secrets: held?.secrets ?? [] }),
      );
      const { status } = answer;
      const sign = classOfStatus(status) !== "transient" && !isUnauthorized(status);
      if (sign) return { well: true };
      return { well: false, reason: answerText(answer) };
    } catch (error) {
      const known = error instanceof TransientError || error instanceof TimeUpError;
      return { well: false, reason: known ? error.message : `The probe failed: ${failureText(error)}.` };
    }
  };
}
