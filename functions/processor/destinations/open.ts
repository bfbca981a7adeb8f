import type { SSMClient } from "@aws-sdk/client-ssm";
import type { DestinationSettings } from "../../../contract/variables/destination.ts";
import { type Exchange, type HttpSettings, openExchange } from "../../destination/exchange.ts";
import type { ClientBounds, Endpoint } from "../../runtime/clients.ts";
import type { Destination } from "./destination.ts";
import { httpDestination } from "./http.ts";

/** What a destination is reached by. */
export interface DestinationOutside {
  readonly openExchange: (settings: HttpSettings) => Exchange;
  /** The parameter store with its credentials: its client, or how to make one. */
  readonly secrets: Pick<SSMClient, "send"> | (ClientBounds & Endpoint);
}

/** Over the network. */
export function networkOutside(secrets: ClientBounds & Endpoint): DestinationOutside {
  return { openExchange, secrets };
}

/** The destination that the configuration names. What it does not need is not loaded. */
export async function openDestination(
  settings: DestinationSettings,
  { openExchange: open, secrets }: DestinationOutside,
): Promise<Destination> {
  if (settings.kind === "handlers") {
    const { handlersDestination } = await import("./handlers.ts");
    const { handlers } = await import("../handlers/index.ts");
    return handlersDestination(handlers);
  }
  if (settings.credentials === undefined) return httpDestination(settings, open(settings));
  const { parameterClient, parameterCredentials } = await import("../../destination/credentials.ts");
  const ssm = "send" in secrets ? secrets : parameterClient(secrets);
  return httpDestination(settings, open(settings), parameterCredentials(settings.credentials, ssm));
}
