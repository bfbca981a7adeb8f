import { GenesysError } from "./genesys-error.ts";
import { regionOf } from "./regions.ts";

/** How a token is asked for: as the platform has it, or as the tutorial does. */
export type Flow = "platform" | "tutorial";

export interface Endpoint {
  /** What a person calls it. */
  readonly name: string;
  /** Of the API: `https://api.mypurecloud.ie`. */
  readonly apiUrl: string;
  readonly tokenUrl: string;
  readonly flow: Flow;
}

/**
 * Where Genesys Cloud is. The platform gives tokens at `login.{domain}`, the tutorial asks `api.{domain}`.
 *
 * @param url stands for both hosts, in place of a region
 * @throws {GenesysError} without a region, for an unknown one, and for a URL that would carry secrets in the clear
 */
export function endpointOf(region: string | undefined, url: string | undefined, flow: Flow): Endpoint {
  if (url !== undefined) {
    const base = safeUrl(url);
    return { name: base, apiUrl: base, tokenUrl: `${base}/oauth/token`, flow };
  }
  if (region === undefined) {
    throw new GenesysError({
      kind: "usage",
      message: "No Genesys Cloud region is given.",
      remedy: "Give --genesys-region (Ireland, eu-west-1 or mypurecloud.ie) or set GENESYSCLOUD_REGION.",
    });
  }
  const { name, domain } = regionOf(region);
  const tokenHost = flow === "platform" ? "login" : "api";
  return {
    name: `${name} (${domain})`,
    apiUrl: `https://api.${domain}`,
    tokenUrl: `https://${tokenHost}.${domain}/oauth/token`,
    flow,
  };
}

function safeUrl(text: string): string {
  const url = URL.parse(text);
  const loopback = url?.protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (!url || !(url.protocol === "https:" || loopback) || url.username !== "" || url.password !== "") {
    throw new GenesysError({
      kind: "usage",
      message:
        "The URL of Genesys Cloud has to be https, or http on this machine itself, and without a password.",
      remedy: "Correct --genesys-url, or give --genesys-region in its place.",
    });
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}
