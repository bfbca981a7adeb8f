import type { Command } from "commander";
import { withExamples } from "../../examples.ts";
import { identify } from "../../genesys/identity.ts";
import { genesysAct, type Session } from "./session.ts";

interface TokenOptions {
  readonly renew?: boolean;
  readonly forget?: boolean;
}

/** `genesys token`: whether the credentials work, where, and for how long. The token itself is never shown. */
export function addToken(genesys: Command): void {
  const command = genesys
    .command("token")
    .description(
      "checks the OAuth client: its organisation, its roles, and how long its token is valid; never the token itself",
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
    await client.tokens.forget();
    return session.result({ forgotten: true }, () => "The cached token is deleted.");
  }
  const before = renew ? undefined : await client.tokens.cached();
  if (!before) await client.tokens.renew();
  const identity = await identify(client);
  const after = await client.tokens.current(); // one that was refused meanwhile has been renewed
  const document = {
    ...identity,
    genesys: client.endpoint.name,
    expiresAt: new Date(after.expiresAt).toISOString(),
    cached: after.accessToken === before?.accessToken,
  };
  await session.result(document, () => inWords(document));
}

function inWords({ organization, client, roles, genesys, expiresAt, cached }: TokenReport): string {
  return [
    `organisation  ${organization.name} (${organization.id})`,
    `genesys       ${genesys}`,
    `client        ${[client.name, client.id].filter(Boolean).join(", ")}`,
    ...(roles === undefined ? [] : [`roles         ${roles.join(", ") || "none: it may do nothing yet"}`]),
    `token         valid until ${expiresAt}, ${cached ? "from the cache" : "new"}`,
  ].join("\n");
}

type TokenReport = Awaited<ReturnType<typeof identify>> & {
  readonly genesys: string;
  readonly expiresAt: string;
  readonly cached: boolean;
};
