import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { Redaction } from "../../contract/redaction/redaction.ts";
import { PLACEHOLDER_PARAMETER_VALUE, PLACEHOLDER_SECRET } from "../../contract/secret.ts";
import type { CredentialsSettings } from "../../contract/variables/destination.ts";
import { type ClientBounds, clientConfig, type Endpoint } from "../runtime/clients.ts";
import { TransientError } from "./response.ts";

const { validateHeaderName, validateHeaderValue } = process.getBuiltinModule("node:http"); // exchange.ts says why

/** One reading of the parameter, as it goes on the wire. */
export interface HeldCredentials {
  readonly headers: Readonly<Record<string, string>>;
  /** Takes them out of an answer that repeats them. */
  readonly redaction: Redaction;
}

export interface Credentials {
  /** @throws {TransientError} when the store is out of reach and nothing is cached, or a person has not put the secret there yet. */
  current(): Promise<HeldCredentials>;
  /**
   * The destination refused these: 401 or 403.
   *
   * @returns newer ones, or nothing when there are none: then the refusal stands.
   * @throws {TransientError} when the store is out of reach: nobody knows whether there are newer ones.
   */
  refused(held: HeldCredentials): Promise<HeldCredentials | undefined>;
}

const REFRESH_MILLISECONDS = 5 * 60_000; // a rotated secret is picked up by then, without a refusal

/** The parameter store's client. Made here: what runtime/clients.ts imports is loaded at init, with credentials or without. */
export function parameterClient(store: ClientBounds & Endpoint): SSMClient {
  return new SSMClient(clientConfig(store));
}

/** Credentials out of an SSM parameter, read when first needed, and again when they are old or refused. */
export function parameterCredentials(
  settings: CredentialsSettings,
  ssm: Pick<SSMClient, "send">,
  now: () => number = Date.now,
): Credentials {
  let cached: HeldCredentials | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<HeldCredentials> | undefined;
  let refusal: { readonly at: number; readonly reading: Promise<HeldCredentials> } | undefined;

  const read = () => {
    askedAt = now();
    reading ??= readParameter(ssm, settings)
      .then((found) => {
        // The same secret stays the same object: that is how a refusal sees whether there is a newer one.
        if (cached === undefined || !sameHeaders(cached, found)) cached = found;
        return cached;
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };

  return {
    async current() {
      const held = cached;
      if (held === undefined) return await read();
      return now() - askedAt >= REFRESH_MILLISECONDS ? await read().catch(() => held) : held;
    },
    async refused(held) {
      if (cached !== undefined && cached !== held) return cached;
      // One refresh in an interval, shared by all that are refused in it, its failure included.
      if (refusal === undefined || now() - refusal.at >= REFRESH_MILLISECONDS) {
        refusal = { at: now(), reading: read() };
      }
      const found = await refusal.reading;
      return found === held ? undefined : found;
    },
  };
}

function sameHeaders(one: HeldCredentials, other: HeldCredentials): boolean {
  return JSON.stringify(one.headers) === JSON.stringify(other.headers);
}

async function readParameter(
  ssm: Pick<SSMClient, "send">,
  settings: CredentialsSettings,
): Promise<HeldCredentials> {
  const command = new GetParameterCommand({ Name: settings.secretParameter, WithDecryption: true });
  const answer = await ssm.send(command).catch((cause: unknown) => {
    throw new TransientError("The destination's credentials could not be read from the parameter store.", {
      cause,
    });
  });
  const secret = answer.Parameter?.Value?.trim() ?? "";
  if (secret === "" || secret === PLACEHOLDER_SECRET || secret === PLACEHOLDER_PARAMETER_VALUE) {
    throw new TransientError("The parameter with the destination's credentials still holds its placeholder.");
  }
  return hold(settings, secret);
}

function hold(settings: CredentialsSettings, secret: string): HeldCredentials {
  const [name, value] = headerOf(settings, secret);
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    throw new TransientError("The destination's credentials cannot stand in an HTTP header."); // without the value
  }
  const redaction = new Redaction();
  for (const each of [secret, value.replace(/^\S+ /, "")]) redaction.add(each);
  return { headers: { [name]: value }, redaction };
}

function headerOf(settings: CredentialsSettings, secret: string): readonly [name: string, value: string] {
  switch (settings.kind) {
    case "bearer":
      return ["authorization", `Bearer ${secret}`];
    case "basic":
      return ["authorization", `Basic ${Buffer.from(secret).toString("base64")}`];
    case "api-key":
      return [settings.header.toLowerCase(), secret];
  }
}
