import { z } from "zod";
import { defined } from "../../contract/defined.ts";
import type { GenesysClient } from "./client.ts";
import { GenesysError } from "./genesys-error.ts";

/** Whom a token speaks for. */
export interface Identity {
  readonly organization: { readonly id: string; readonly name: string };
  readonly client: { readonly id: string; readonly name?: string };
  /** By name; a client has roles where a person's login would have scopes. Absent where it is not told. */
  readonly roles?: readonly string[];
}

const organization = z.looseObject({ id: z.string(), name: z.string() });
const tokenInfo = z.looseObject({
  OAuthClient: z.looseObject({ name: z.string().optional() }).optional(),
});
const subject = z.looseObject({
  grants: z.array(z.looseObject({ role: z.looseObject({ name: z.string() }).optional() })).default([]),
});

/** Asks Genesys who we are; none of it needs a permission. @throws {GenesysError} */
export async function identify(client: GenesysClient): Promise<Identity> {
  const { id, name } = await organizationOf(client);
  const { OAuthClient: own } = await client.get("/api/v2/tokens/me", tokenInfo, "read about the token");
  const roles = await rolesOf(client);
  return {
    organization: { id, name },
    client: { id: client.clientId, ...defined({ name: own?.name }) },
    ...defined({ roles }),
  };
}

const organizations = new WeakMap<GenesysClient, Promise<Identity["organization"]>>();

/** Asked for once. @throws {GenesysError} */
export function organizationOf(client: GenesysClient): Promise<Identity["organization"]> {
  const known = organizations.get(client);
  if (known) return known;
  const request = client.get("/api/v2/organizations/me", organization, "read the organisation");
  organizations.set(client, request);
  return request;
}

/** Nothing where Genesys does not tell: the roles are a help, and nothing depends on them. */
async function rolesOf(client: GenesysClient): Promise<readonly string[] | undefined> {
  try {
    const { grants } = await client.get("/api/v2/authorization/subjects/me", subject, "read the roles");
    return [...new Set(grants.flatMap(({ role }) => (role ? [role.name] : [])))].sort();
  } catch (error) {
    if (!(error instanceof GenesysError)) throw error;
    return undefined;
  }
}
