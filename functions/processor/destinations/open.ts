import type { DestinationSettings } from "../../../contract/variables/destination.ts";
import type { ClientBounds, Endpoint } from "../../runtime/clients.ts";
import type { Destination } from "./destination.ts";
import { httpDestination } from "./http.ts";

/** The destination that the configuration names. What it does not need is not loaded. */
export async function openDestination(
  settings: DestinationSettings,
  secrets: ClientBounds & Endpoint,
): Promise<Destination> {
  if (settings.kind === "handlers") {
    const { handlersDestination } = await import("./handlers.ts");
    const { handlers } = await import("../handlers/index.ts");
    return handlersDestination(handlers);
  }
  if (settings.credentials === undefined) return httpDestination(settings);
  const { parameterCredentials } = await import("../../destination/credentials.ts");
  return httpDestination(settings, parameterCredentials(settings.credentials, secrets));
}
