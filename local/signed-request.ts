import { variableOf } from "../contract/environment.ts";
import { sourceDefinitions } from "../contract/sources/index.ts";
import {
  type SignedRequest,
  secretParameterOf,
  signRequest,
  urlOf,
} from "../contract/sources/signed-request.ts";
import type { SourceSettings } from "../contract/variables/sources.ts";
import type { LocalStack } from "./stack/model.ts";

/** The sources that the stack's receiver takes in, as it was told. */
export function sourcesOf(stack: LocalStack): readonly SourceSettings[] {
  const name = variableOf("receiver", "sources");
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
export function requestFor(
  apiUrl: string,
  { source, authentication }: SourceSettings,
  integration: string,
  body: Buffer,
  secretOf: (parameter: string) => string,
): SignedRequest {
  const given = authentication[integration];
  if (!given) throw new Error(`${source} has no integration "${integration}".`);
  const parameter = secretParameterOf(given);
  const secret = parameter === undefined ? "" : secretOf(parameter);
  const url = urlOf(`${apiUrl}${sourceDefinitions[source].path}`, integration);
  return signRequest({ url, body }, given, secret);
}

/** A line to paste into a shell. */
export function asCurl({ url, headers, body }: SignedRequest): string {
  const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const options = Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`);
  return `curl -i ${quote(url)} ${options.join(" ")} --data-binary ${quote(body.toString())}`;
}
