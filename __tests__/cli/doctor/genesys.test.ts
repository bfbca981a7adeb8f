import { z } from "zod";
import type { CheckResult } from "../../../cli/doctor/check-result.ts";
import { genesysAccess, genesysSources } from "../../../cli/doctor/checks/genesys.ts";
import { examine } from "../../../cli/doctor/examine.ts";
import { Environment } from "../../../cli/environment/environment.ts";
import type { GenesysClient } from "../../../cli/genesys/client.ts";
import { eventBridge } from "../../../cli/genesys/resources/eventbridge.ts";
import { UsageError } from "../../../contract/command-error.ts";
import { variableOf } from "../../../contract/environment.ts";
import { type AwsAnswers, startAwsAnswers } from "../../support/aws-answers.ts";
import { deployedOutputs } from "../../support/deployed.ts";
import { forgetTestClients, testClient } from "../../support/genesys/client.ts";
import { GenesysStandIn } from "../../support/genesys/stand-in.ts";

let aws: AwsAnswers;
let genesys: GenesysStandIn;
let client: GenesysClient;

beforeAll(async () => {
  const webhook = { source: "webhook", authentication: { "": { kind: "none" } } };
  const Variables = {
    [variableOf("receiver", "sources")]: JSON.stringify([webhook]),
    [variableOf("receiver", "secretRefreshSeconds")]: "300",
  };
  aws = await startAwsAnswers(() => ({ body: { Environment: { Variables } } }));
  genesys = await GenesysStandIn.start();
  client = (await testClient(genesys.url)).client;
});
afterEach(() => genesys.reset());
afterAll(async () => {
  await forgetTestClients();
  await genesys.stop();
  await aws.stop();
});

/** What is found of one source, in an environment on the bus of a partner. */
async function find(check: string): Promise<CheckResult | undefined> {
  const outputs = { ...deployedOutputs(aws.endpoint), eventBus: "aws.partner/genesys.com/cloud/org/events" };
  const environment = new Environment("deployed", outputs, { region: "eu-west-1", endpoint: aws.endpoint });
  const target = {
    environment,
    genesys: async () => client,
    signal: new AbortController().signal,
    now: Date.now,
  };
  const findings = await examine([genesysSources], target, { seconds: 60, done: () => {} });
  return findings.find((finding) => finding.check === check);
}

const here = {
  name: "events",
  awsAccountId: "123456789012",
  awsAccountRegion: "eu-west-1",
  eventSourceSuffix: "events",
  eventFilter: ["v2.detail.events.conversation.{id}.user.end"],
};

test("an EventBridge integration is this environment's by account, region and suffix", async () => {
  const resource = eventBridge(client);
  const create = async (wanted: typeof here) => resource.update(wanted, await resource.create(wanted));
  await create({ ...here, name: "another account", awsAccountId: "210987654321" });
  await create({ ...here, name: "another region", awsAccountRegion: "eu-central-1" });
  await create({ ...here, name: "another source", eventSourceSuffix: "others" });
  expect(await find("Genesys: eventbridge")).toMatchObject({
    state: "failure",
    found: "No EventBridge integration sends to aws.partner/genesys.com/cloud/org/events.",
    remedy: "Connect it: npm run genesys-dlq -- genesys eventbridge create --environment production",
  });

  const { id } = await create(here);
  expect(await find("Genesys: eventbridge")).toMatchObject({ state: "ok", found: '"events" sends here' });
  await client.call(
    {
      method: "PATCH",
      path: `/api/v2/integrations/${id}`,
      body: { intendedState: "DISABLED" },
      doing: "disable it",
    },
    z.unknown(),
  );
  expect(await find("Genesys: eventbridge")).toMatchObject({
    state: "failure",
    found: 'The EventBridge integration "events" is switched off.',
  });
});

test("a platform without webhooks is a warning, and hides nothing of the other sources", async () => {
  genesys.faults.plan(/GET \/api\/v2\/webhooks/, { status: 404, body: "{}" });
  expect(await find("Genesys: webhook")).toMatchObject({
    state: "warning",
    found: expect.stringContaining("the path is the tutorial's"),
    remedy: expect.stringContaining("genesys open-messaging create"),
  });
  genesys.faults.plan(/GET \/api\/v2\/webhooks/, { status: 404, body: "{}" });
  expect(await find("Genesys: eventbridge")).toMatchObject({ state: "failure" });
});

test("an OAuth client that cannot be read is said once", async () => {
  const environment = new Environment("deployed", deployedOutputs(aws.endpoint), { region: "eu-west-1" });
  const genesys = () => Promise.reject(new UsageError("The file x cannot be read (ENOENT).", "Look at it."));
  const target = { environment, genesys, signal: new AbortController().signal, now: Date.now };
  const findings = await examine([genesysAccess, genesysSources], target, { seconds: 60, done: () => {} });
  expect(findings).toEqual([
    {
      check: "Genesys access",
      state: "failure",
      found: "The file x cannot be read (ENOENT).",
      remedy: "Look at it.",
    },
  ]);
});
