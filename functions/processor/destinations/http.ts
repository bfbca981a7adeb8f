import { deliveryHeaders, keyOf } from "../../../contract/event/delivery-headers.ts";
import type { Credentials, HeldCredentials } from "../../destination/credentials.ts";
import type { Exchange, HttpSettings } from "../../destination/exchange.ts";
import { isUnauthorized } from "../../destination/response.ts";
import type { Signer } from "../../destination/signing.ts";
import type { Delivery, Destination } from "./destination.ts";

/** An HTTP endpoint: a POST of the event's bytes. */
export function httpDestination(
  settings: HttpSettings,
  exchange: Exchange,
  { credentials, sign }: { readonly credentials?: Credentials; readonly sign?: Signer } = {},
): Destination {
  async function post(delivery: Delivery, signal: AbortSignal, held?: HeldCredentials) {
    // First, since a delivery that cannot be signed is no attempt.
    const signature = await sign?.(keyOf(delivery.event), delivery.bytes);
    return exchange({
      method: "POST",
      headers: { ...deliveryHeaders(delivery, delivery.nextAttempt()), ...signature, ...held?.headers },
      bytes: delivery.bytes,
      signal,
      redaction: held?.redaction,
    });
  }
  return {
    timeoutMilliseconds: settings.timeoutMilliseconds,
    ...(credentials && { prepare: () => credentials.current() }),
    async deliver(delivery, signal) {
      if (credentials === undefined) return post(delivery, signal);
      const held = await credentials.current();
      const answer = await post(delivery, signal, held);
      if (!isUnauthorized(answer.status)) return answer;
      const newer = await credentials.refused(held);
      return newer === undefined ? answer : post(delivery, signal, newer);
    },
  };
}
