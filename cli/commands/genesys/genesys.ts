import type { Command } from "commander";
import { withExamples } from "../../examples.ts";
import { addEventBridge } from "./eventbridge.ts";
import { addOpenMessaging } from "./open-messaging.ts";
import { addGenesysOptions } from "./options.ts";
import { addToken } from "./token.ts";
import { addTriggers } from "./triggers.ts";
import { addWebhooks } from "./webhooks.ts";

const CREDENTIALS = `
The OAuth client: GENESYSCLOUD_OAUTHCLIENT_ID, GENESYSCLOUD_OAUTHCLIENT_SECRET and GENESYSCLOUD_REGION in the
environment, or the options below. A secret is never an option itself. A token is kept until shortly before its
end in a file that only you read.`;

/** `genesys`: sets up what sends the events. */
export function addGenesys(program: Command): void {
  const genesys = addGenesysOptions(
    program.command("genesys").description("sets up what sends the events, in Genesys Cloud"),
  ).addHelpText("after", CREDENTIALS);
  withExamples(
    genesys,
    "genesys-dlq genesys token --genesys-region Ireland",
    "genesys-dlq genesys open-messaging create --environment production",
    "genesys-dlq genesys eventbridge list --json",
  );
  addToken(genesys);
  addWebhooks(genesys);
  addOpenMessaging(genesys);
  addEventBridge(genesys);
  addTriggers(genesys);
}
