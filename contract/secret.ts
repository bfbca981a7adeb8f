/**
 * What stands in a secret's parameter until a person puts the real one there. Nothing is ever authenticated
 * with it, however well it is signed.
 */
export const PLACEHOLDER_SECRET = "REPLACE-ME";

/** The value with which a secret's parameter is created; Terraform ignores it from then on. */
export const PLACEHOLDER_PARAMETER_VALUE = JSON.stringify({ current: PLACEHOLDER_SECRET });

/**
 * What stands in a source's parameter, as JSON. The receiver takes both secrets, so that a rotation refuses
 * nobody.
 */
export interface SecretValue {
  readonly current: string;
  readonly previous?: string;
  /** How far a rotation has come; the receiver has no use for it. */
  readonly rotation?: Rotation;
}

export interface Rotation {
  /** `announced`: the new secret is there for receivers to read; `switched`: Genesys signs with it. */
  readonly step: "announced" | "switched";
  /** When the step was done, ISO 8601. */
  readonly at: string;
}

/** What SSM calls the key that it takes where none is named. */
export const SSM_OWN_KEY = "alias/aws/ssm";

/** How long the processor goes without reading the destination's secrets anew. */
export const DESTINATION_REFRESH_SECONDS = 300;

/**
 * The secrets of a parameter that are active: `current`, and `previous` while a rotation lasts. None where it holds the
 * placeholder, or what is not of the agreed shape.
 */
export function activeSecrets(text: string): readonly string[] {
  let value: Partial<Record<keyof SecretValue, unknown>> | null;
  try {
    value = JSON.parse(text);
  } catch {
    return []; // the parser's own message quotes the value
  }
  const { current, previous } = value ?? {};
  const isSecret = (secret: unknown): secret is string =>
    typeof secret === "string" && secret !== "" && secret !== PLACEHOLDER_SECRET;
  return isSecret(current) ? [current, previous].filter(isSecret) : [];
}
