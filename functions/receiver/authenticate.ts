import { createHash } from "node:crypto";
import { sourceDefinitions } from "../../contract/sources/index.ts";
import type { AuthenticationSettings, SourceSettings } from "../../contract/variables/sources.ts";
import { HttpError } from "./http-error.ts";
import type { Request } from "./request.ts";
import type { Secrets } from "./secret-value.ts";
import type { SecretStore } from "./secrets.ts";
import { isSignature, secretMatches, signatureMatches } from "./signature.ts";

/**
 * Returns when the request has proved itself.
 *
 * @returns the integration that it has proved to be, where the source has several
 * @throws {HttpError} 401 when it has not, 503 when there is no secret to prove it with.
 */
export async function authenticate(
  request: Request,
  settings: SourceSettings,
  store: SecretStore,
): Promise<string | undefined> {
  const integration = integrationOf(request, settings);
  await prove(request, settings.authentication, integration ?? "", store);
  return integration;
}

async function prove(
  request: Request,
  authentication: SourceSettings["authentication"],
  integration: string,
  store: SecretStore,
): Promise<void> {
  const how = Object.hasOwn(authentication, integration) ? authentication[integration] : undefined;
  if (how?.kind === "none") return;
  if (how !== undefined) return await hold(request, how, store);
  const another = standIn(authentication, integration);
  if (another) await hold(request, another, store).catch(asUnknown);
  throw new HttpError("unknown-integration");
}

type Proof = Exclude<AuthenticationSettings, { kind: "none" }>;

/**
 * In an unknown integration's place one of those that there are, always the same one: nobody learns from an answer, or
 * from the time that it takes, which names are known. What is read and compared is that one's, and lets nobody in.
 */
function standIn(authentication: SourceSettings["authentication"], integration: string): Proof | undefined {
  const known = Object.values(authentication).filter((how): how is Proof => how.kind !== "none");
  return known[createHash("sha256").update(integration).digest().readUInt32BE() % known.length];
}

/** Out of reach, or without a secret, the stand-in's answer is the unknown integration's too. */
function asUnknown(error: unknown): void {
  if (!(error instanceof HttpError) || error.answer.status !== 401) throw error;
}

/** @throws {HttpError} where the request does not prove itself */
async function hold(request: Request, how: Proof, store: SecretStore): Promise<void> {
  const proof = proofOf(request, how);
  if (proof === undefined) throw new HttpError("signature-missing");
  const known = await store.secrets(how.secretParameter);
  if (known.kind !== "secrets") throw new HttpError(`secret-${known.kind}`);
  const { secrets, isFresh } = known;
  if (proof(secrets)) return;
  if (isFresh) throw new HttpError("signature-wrong");
  const newer = await store.newerThan(secrets, how.secretParameter);
  if (newer === undefined || !proof(newer)) throw new HttpError("signature-wrong");
}

/** Whom the request says to come from; nothing where the source has one sender. */
function integrationOf(request: Request, { source }: SourceSettings): string | undefined {
  const { integrationParameter } = sourceDefinitions[source];
  return integrationParameter === undefined ? undefined : (request.pathParameter(integrationParameter) ?? "");
}

/** How the request's credential is held against secrets; `undefined` where it brought none. */
function proofOf(request: Request, how: Proof): ((secrets: Secrets) => boolean) | undefined {
  if (how.kind === "signature") {
    const header = request.header("x-hub-signature-256");
    if (!header) return undefined;
    if (!isSignature(header, how.encoding)) throw new HttpError("signature-wrong"); // nothing is read for it
    return (secrets) => signatureMatches(header, request.body, secrets, how.encoding);
  }
  const given = [request.header("x-api-key"), bearer(request.header("authorization"))].filter(
    (credential): credential is string => credential !== undefined && credential !== "",
  );
  if (given.length === 0) return undefined;
  return (secrets) => given.some((credential) => secretMatches(credential, secrets));
}

function bearer(header: string | undefined): string | undefined {
  return header?.match(/^Bearer +(\S+)$/i)?.[1];
}
