import { createHmac } from "node:crypto";
import { functionEnvironment } from "../contract/environment.ts";
import type { AuthenticationSettings, SourceSettings } from "../contract/settings.ts";
import { sourceDefinitions } from "../contract/sources/index.ts";
import type { LocalStack } from "./stack/model.ts";

/** A request that the receiver accepts. */
export interface SignedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The sources that the stack's receiver takes in, as it was told. */
export function sourcesOf(stack: LocalStack): readonly SourceSettings[] {
  const name = functionEnvironment.receiver.sources;
  return stack.functions.flatMap(({ variables }) => {
    const value = variables[name];
    return value === undefined ? [] : (JSON.parse(value) as SourceSettings[]);
  });
}

/**
 * Signs a body as the source's sender would.
 *
 * @param integration one of the source's integrations; `""` for a source with one secret
 * @param secretOf the current secret in a parameter
 * @throws {Error} for an integration that the source does not have
 */
export function signRequest(
  apiUrl: string,
  { source, authentication }: SourceSettings,
  integration: string,
  body: Buffer,
  secretOf: (parameter: string) => string,
): SignedRequest {
  const given = authentication[integration];
  if (!given) throw new Error(`${source} has no integration "${integration}".`);
  const path = sourceDefinitions[source].path.replace(/\{[^}]+\}/, () => encodeURIComponent(integration));
  return {
    url: `${apiUrl}${path}`,
    headers: { "content-type": "application/json", ...proof(given, body, secretOf) },
    body,
  };
}

function proof(
  authentication: AuthenticationSettings,
  body: Buffer,
  secretOf: (parameter: string) => string,
): Record<string, string> {
  switch (authentication.kind) {
    case "signature": {
      const secret = secretOf(authentication.secretParameter);
      const signature = createHmac("sha256", secret).update(body).digest(authentication.encoding);
      return { "x-hub-signature-256": `sha256=${signature}` };
    }
    case "shared-secret":
      return { "x-api-key": secretOf(authentication.secretParameter) };
    case "none":
      return {};
  }
}

/** A line to paste into a shell. */
export function asCurl({ url, headers, body }: SignedRequest): string {
  const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const options = Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`);
  return `curl -i ${quote(url)} ${options.join(" ")} --data-binary ${quote(body.toString())}`;
}
