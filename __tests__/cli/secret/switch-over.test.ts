import { rotate } from "../../../cli/secret/rotate.ts";
import { findSigners } from "../../../cli/secret/switch-over.ts";
import type { SecretValue } from "../../../contract/secret.ts";
import { startDestination, type TestDestination } from "../../support/destination.ts";
import { forgetTestClients, type TestClient, testClient } from "../../support/genesys/client.ts";
import { signatureOf } from "../../support/genesys/delivery.ts";
import { GenesysStandIn } from "../../support/genesys/stand-in.ts";

const OLD = "the-old-secret-of-webhook";
const NEW = "the-new-secret-of-webhook";

let genesys: GenesysStandIn;
let receiver: TestDestination;
let genesysClient: TestClient;
/** What stands in the parameter. */
let value: SecretValue;

beforeAll(async () => {
  [genesys, receiver] = await Promise.all([
    GenesysStandIn.start({ timeFactor: 0, timeoutFactor: 1 }),
    startDestination(),
  ]);
  genesysClient = await testClient(genesys.url);
  // As the receiver does: both secrets are taken.
  receiver.answer = ({ headers, body }) => {
    const taken = [value.current, value.previous].filter((each) => each !== undefined);
    const signed = taken.some((secret) => headers["x-hub-signature-256"] === signatureOf(secret, body));
    return { status: signed ? 200 : 401 };
  };
});
afterAll(async () => {
  await forgetTestClients();
  await genesys?.stop();
  await receiver?.stop();
});
beforeEach(() => {
  genesys.reset();
  value = { current: OLD };
});

/** One that a person has set up otherwise than the tutorial does. */
function webhook(name: string, endpointUrl = `${receiver.url}/webhook`) {
  return genesys.webhooks.kept.add({
    name,
    description: `of ${name}`,
    enabled: true,
    eventTypes: ["conversation:chat:message"],
    filters: [{ queue: "sales" }],
    endpointUrl,
    httpMethod: "POST",
    requestType: "JSON",
    retryCount: 5,
    retryInterval: 10,
    timeout: 20,
    secret: OLD,
  });
}

const kept = (id: string) => genesys.webhooks.kept.get(id);

/** Every webhook that points here sends an event: whether all of them are taken. */
async function allAreTaken(): Promise<boolean> {
  const here = genesys.webhooks.kept.all.filter(({ endpointUrl }) => endpointUrl.startsWith(receiver.url));
  const reports = await Promise.all(here.map(({ id }) => genesys.deliverWebhook(id, { text: "hello" })));
  return reports.length > 0 && reports.every(({ delivered }) => delivered);
}

/** Rotates, with an event of every webhook at each step. */
async function rotateWebhook() {
  const url = `${receiver.url}/webhook`;
  const signers = await findSigners(async () => genesysClient.client, "webhook", url, undefined);
  const taken: boolean[] = [];
  const look = async () => void taken.push(await allAreTaken());
  const outcome = await rotate(
    {
      read: async () => value,
      async write(next) {
        value = next;
        await look();
      },
      async switchOver(secret) {
        for (const { signWith } of signers) {
          await signWith(secret);
          await look();
        }
        return true;
      },
      wait: look,
      note: () => {},
      now: Date.now,
    },
    { newSecret: async () => NEW, readSeconds: 1, graceSeconds: 1 },
  );
  expect(new Set(taken)).toEqual(new Set([true]));
  return outcome;
}

test("all webhooks that post here are switched over, nothing else of them changes, and no event is refused", async () => {
  const here = [webhook("one"), webhook("two")];
  const elsewhere = webhook("elsewhere", "https://events.example.com/webhook");
  expect(await rotateWebhook()).toEqual({ done: true, resumed: false, secret: NEW });
  expect(value).toEqual({ current: NEW });
  for (const before of here) expect(kept(before.id)).toEqual({ ...before, secret: NEW });
  expect(kept(elsewhere.id)).toEqual(elsewhere);
  expect(await allAreTaken()).toBe(true);
});

test("where the second cannot be switched over, both secrets are taken, and the next run sees to both", async () => {
  const here = [webhook("one"), webhook("two")];
  genesys.faults.plan(new RegExp(`^PUT .*${here[1]?.id}`), { status: 403 });
  await expect(rotateWebhook()).rejects.toMatchObject({ name: "GenesysError" });
  expect(here.map(({ id }) => kept(id).secret)).toEqual([NEW, OLD]);
  expect(value).toMatchObject({ current: NEW, previous: OLD, rotation: { step: "announced" } });
  expect(await allAreTaken()).toBe(true);

  expect(await rotateWebhook()).toEqual({ done: true, resumed: true, secret: NEW });
  expect(here.map(({ id }) => kept(id).secret)).toEqual([NEW, NEW]);
  expect(value).toEqual({ current: NEW });
});

test("by its name, one that posts elsewhere, and none that has another name", async () => {
  const proxied = webhook("proxied", "https://proxy.example.com/in");
  const other = webhook("other");
  const url = `${receiver.url}/webhook`;
  const [signer, ...others] = await findSigners(async () => genesysClient.client, "webhook", url, "proxied");
  expect(others).toEqual([]);
  expect(signer?.title).toBe('webhook "proxied"');
  await signer?.signWith(NEW);
  expect(kept(proxied.id)).toEqual({ ...proxied, secret: NEW });
  expect(kept(other.id)).toEqual(other);
});
