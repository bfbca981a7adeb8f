import { createHmac } from "node:crypto";
import type { AuthenticationSettings } from "../variables/sources.ts";

/** How a request proves itself, without the place of its secret. */
export type ProofKind =
  | { readonly kind: "signature"; readonly encoding: "base64" | "hex" }
  | { readonly kind: "shared-secret" }
  | { readonly kind: "none" };

/** A request that the receiver accepts. */
export interface SignedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Signs a body as the source's sender would. */
export function signRequest(
  { url, body }: Omit<SignedRequest, "headers">,
  proof: ProofKind,
  secret: string,
): SignedRequest {
  return {
    url,
    headers: { "content-type": "application/json", ...proofHeaders(proof, body, secret) },
    body,
  };
}

/**
 * Where a source, or one of its integrations, is posted to.
 *
 * @param url of the source; a path parameter in braces stands for the integration
 */
export function urlOf(url: string, integration: string): string {
  return url.replace(/\{[^}]+\}/, () => encodeURIComponent(integration));
}

/** The parameter that holds the secret; nothing where a request needs none. */
export function secretParameterOf(authentication: AuthenticationSettings): string | undefined {
  return authentication.kind === "none" ? undefined : authentication.secretParameter;
}

function proofHeaders(proof: ProofKind, body: Buffer, secret: string): Record<string, string> {
  switch (proof.kind) {
    case "signature": {
      const signature = createHmac("sha256", secret).update(body).digest(proof.encoding);
      return { "x-hub-signature-256": `sha256=${signature}` };
    }
    case "shared-secret":
      return { "x-api-key": secret };
    case "none":
      return {};
  }
}
