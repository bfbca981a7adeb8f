import type { Command } from "commander";
import { z } from "zod";
import { withExamples } from "../../examples.ts";
import { genesysAct, type Session } from "../session.ts";

interface TokenOptions {
  readonly renew?: boolean;
  readonly forget?: boolean;
}

const organization = z.looseObject({ id: z.string(), name: z.string() });
const tokenInfo = z.looseObject({
  OAuthClient: z.looseObject({ id: z.string().optional(), name: z.string().optional() }).optional(),
});

/** `genesys token`: whether the credentials work, where, and for how long. The token itself is never shown. */
export function addToken(genesys: Command): void {
  const command = genesys
    .command("token")
    .description(
      "checks the OAuth client: its organisation, and how long its token is valid; never the token itself",
    )
    .option("--renew", "ask for a new token, whatever is cached; after the client's roles have changed")
    .option("--forget", "delete the cached token, and ask for none")
    .action(genesysAct(token));
  withExamples(
    command,
    "genesys-dlq genesys token --genesys-region Ireland",
    "genesys-dlq genesys token --credentials ~/.genesys.json --renew",
    "genesys-dlq genesys token --oauth tutorial --genesys-region mypurecloud.com",
  );
}

async function token(session: Session, { renew, forget }: TokenOptions): Promise<void> {
  const client = await session.client();
  if (forget) {
    await client.forget();
    return session.result({ forgotten: true }, () => "The cached token is deleted.");
  }
  const cached = renew ? undefined : await client.cachedToken();
  if (!cached) await client.renew();
  const { id, name } = await client.get("/api/v2/organizations/me", organization, "read the organisation");
  const { OAuthClient: own } = await client.get("/api/v2/tokens/me", tokenInfo, "read about the token");
  const document = {
    organization: { id, name },
    client: { id: client.clientId, ...(own?.name === undefined ? {} : { name: own.name }) },
    genesys: client.endpoint.name,
    // A token that was refused meanwhile has been renewed.
    expiresAt: new Date((await client.token()).expiresAt).toISOString(),
    cached: cached !== undefined,
  };
  await session.result(document, () =>
    [
      `organisation  ${name} (${id})`,
      `genesys       ${document.genesys}`,
      `client        ${[document.client.name, client.clientId].filter(Boolean).join(", ")}`,
      `token         valid until ${document.expiresAt}, ${cached ? "from the cache" : "new"}`,
    ].join("\n"),
  );
}
