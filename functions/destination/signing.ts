import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { signatureHeaders, signingKey } from "../../contract/event/delivery-signature.ts";
import { activeSecrets, DESTINATION_REFRESH_SECONDS } from "../../contract/secret.ts";
import type { SigningSettings } from "../../contract/variables/destination.ts";
import { TransientError } from "./response.ts";

/**
 * The headers that sign one request. Each request is signed anew: its time is part of what is signed.
 *
 * @param id the event's: the same for every request that delivers it
 * @throws {TransientError} when there is no secret to sign with
 */
export type Signer = (id: string, bytes: Uint8Array) => Promise<Readonly<Record<string, string>>>;

const REFRESH_MILLISECONDS = DESTINATION_REFRESH_SECONDS * 1_000;
/** A store that is out of reach, or a parameter without a secret, is not asked again for so long. */
const FAILED_MILLISECONDS = 5_000;

/**
 * Signs with the secrets that a parameter holds: contract/event/delivery-signature.ts
 *
 * @param now milliseconds, as `Date.now` gives them
 */
export function parameterSigner(
  { secretParameter }: SigningSettings,
  ssm: Pick<SSMClient, "send">,
  now: () => number = Date.now,
): Signer {
  let keys: readonly Buffer[] | undefined;
  let reading: Promise<readonly Buffer[]> | undefined;
  let readAgainAt = 0;

  /** Whoever comes during a reading, or soon after one that failed, shares it. */
  function read(): Promise<readonly Buffer[]> {
    if (reading !== undefined && now() < readAgainAt) return reading;
    readAgainAt = Number.POSITIVE_INFINITY;
    reading = readKeys(ssm, secretParameter).finally(() => {
      readAgainAt = now() + FAILED_MILLISECONDS;
    });
    reading.then(
      (found) => {
        keys = found;
        readAgainAt = now() + REFRESH_MILLISECONDS;
      },
      () => {}, // whoever asked hears of it
    );
    return reading;
  }

  return async (id, bytes) => {
    const known = keys;
    const active = known === undefined ? await read() : await read().catch(() => known);
    return signatureHeaders(active, { id, bytes, at: new Date(now()) });
  };
}

async function readKeys(ssm: Pick<SSMClient, "send">, name: string): Promise<readonly Buffer[]> {
  const command = new GetParameterCommand({ Name: name, WithDecryption: true });
  const answer = await ssm.send(command).catch((cause: unknown) => {
    throw new TransientError("The secret that signs deliveries could not be read from the parameter store.", {
      cause,
    });
  });
  const secrets = activeSecrets(answer.Parameter?.Value ?? "");
  if (secrets.length > 0) return secrets.map(signingKey);
  throw new TransientError("The parameter with the secret that signs deliveries holds none.");
}
