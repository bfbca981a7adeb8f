import type { SSMClient } from "@aws-sdk/client-ssm";
import { defined } from "../../../contract/defined.ts";
import type { DestinationSettings, SigningSettings } from "../../../contract/variables/destination.ts";
import { type Exchange, type HttpSettings, openExchange } from "../../destination/exchange.ts";
import type { Signer } from "../../destination/signing.ts";
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
  const { credentials, signing } = settings;
  if (credentials === undefined && signing === undefined) return httpDestination(settings, open(settings));
  const { parameterClient, parameterCredentials } = await import("../../destination/credentials.ts");
  const ssm = "send" in secrets ? secrets : parameterClient(secrets);
  return httpDestination(settings, open(settings), {
    ...defined({ credentials: credentials && parameterCredentials(credentials, ssm) }),
    ...(signing && { sign: await signerOf(signing, ssm) }),
  });
}

async function signerOf(settings: SigningSettings, ssm: Pick<SSMClient, "send">): Promise<Signer> {
  const { parameterSigner } = await import("../../destination/signing.ts");
  return parameterSigner(settings, ssm);
}
