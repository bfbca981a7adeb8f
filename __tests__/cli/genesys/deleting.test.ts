import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CLIENT, GenesysStandIn } from "../../support/genesys/stand-in.ts";
import { runOnTerminal } from "../../support/terminal.ts";

let genesys: GenesysStandIn;
let folder: string;

beforeAll(async () => {
  [genesys, folder] = await Promise.all([GenesysStandIn.start(), mkdtemp(join(tmpdir(), "deleting-"))]);
});
afterAll(async () => {
  await genesys?.stop();
  await rm(folder, { recursive: true, force: true });
});

test.each([
  ["y", "y\r", 0, "Deleted the webhook"],
  ["Yes", "Yes\r", 0, "Deleted the webhook"],
  ["n", "n\r", 1, "Nothing has been deleted."],
  ["nothing", "\r", 1, "Nothing has been deleted."],
  ["another word", "yesterday\r", 1, "Nothing has been deleted."],
  ["Ctrl-C", "\x03", 130, "Interrupted."],
])("at a terminal it asks before it deletes; answered with %s", async (_, typed, code, said) => {
  genesys.reset();
  const { id } = genesys.webhooks.kept.add({
    name: "main",
    enabled: true,
    eventTypes: ["conversation:chat:message"],
    filters: [],
    endpointUrl: "https://events.example.com/webhook",
    httpMethod: "POST",
    requestType: "JSON",
    retryCount: 3,
    retryInterval: 60,
    timeout: 30,
  });
  const env = {
    GENESYSCLOUD_OAUTHCLIENT_ID: CLIENT.id,
    GENESYSCLOUD_OAUTHCLIENT_SECRET: CLIENT.secret,
    XDG_CACHE_HOME: folder,
  };
  const args = ["genesys", "webhooks", "delete", "--name", "main", "--genesys-url", genesys.url];
  const terminal = runOnTerminal(args, { env });
  await terminal.until(/Delete the webhook "main" \(\S+\)\? Its events stop at once\. \[y\/N\] /);
  expect(genesys.webhooks.kept.all.map((each) => each.id)).toEqual([id]);
  terminal.type(typed);
  expect(await terminal.exitCode).toBe(code);
  expect(terminal.shown()).toContain(said);
  expect(genesys.webhooks.kept.all).toHaveLength(code === 0 ? 0 : 1);
});
