import { UsageError } from "../../../contract/command-error.ts";
import type { GenesysClient } from "../../genesys/client.ts";

/**
 * Where Genesys is to post. The platform posts to https on port 443 and to nothing else; a stand-in on this
 * machine posts to this machine too.
 *
 * @throws {UsageError} for an address that it could never reach
 */
export function targetUrl(url: string, { endpoint }: GenesysClient): string {
  const { protocol, port } = URL.parse(url) ?? { protocol: "", port: "" };
  const hasStandIn = endpoint.apiUrl.startsWith("http:");
  if ((protocol === "https:" && port === "") || (hasStandIn && protocol === "http:")) return url;
  throw new UsageError(
    `Genesys posts to https on port 443 only, and not to ${url}.`,
    "Give --url; for a local run, that of a tunnel that ends there.",
  );
}
