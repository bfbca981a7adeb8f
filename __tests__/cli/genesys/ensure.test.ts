import { adjust, ensure } from "../../../cli/genesys/ensure.ts";
import type { GenesysError } from "../../../cli/genesys/genesys-error.ts";
import { eventBridge } from "../../../cli/genesys/resources/eventbridge.ts";
import { openMessaging } from "../../../cli/genesys/resources/open-messaging.ts";
import { triggers } from "../../../cli/genesys/resources/triggers.ts";
import { webhooks } from "../../../cli/genesys/resources/webhooks.ts";
import { forgetTestClients, testClient } from "../../support/genesys/client.ts";
import { GenesysStandIn } from "../../support/genesys/stand-in.ts";

let genesys: GenesysStandIn;

beforeAll(async () => {
  genesys = await GenesysStandIn.start();
});
afterEach(async () => {
  genesys.reset();
  await forgetTestClients();
});
afterAll(() => genesys.stop());

const OPEN_POST = /^POST .*integrations\/open/;
const wanted = {
  name: "events",
  url: "https://a.example.com/open-messaging/events",
  secret: "sixteen-letters-x",
};

async function integrations(timeout = 30_000) {
  return openMessaging((await testClient(genesys.url, { timeout })).client);
}

const posts = () => genesys.requests.filter(({ method, url }) => method === "POST" && !url.includes("oauth"));
const writes = () =>
  genesys.requests.filter(({ method, url }) => method !== "GET" && !url.includes("oauth")).length;

describe("one Open Messaging integration", () => {
  test("created once, then left alone", async () => {
    expect(await ensure(await integrations(), wanted)).toMatchObject({ action: "created" });
    expect(await ensure(await integrations(), wanted)).toMatchObject({
      action: "unchanged",
      differences: [],
    });
    expect(writes()).toBe(1);
    expect(genesys.openMessaging.kept.all).toMatchObject([
      {
        name: "events",
        outboundNotificationWebhookUrl: wanted.url,
        outboundNotificationWebhookSignatureSecretToken: wanted.secret,
      },
    ]);
  });

  test("found on the last page too", async () => {
    const resource = await integrations();
    for (let number = 0; number < 250; number++) {
      genesys.openMessaging.kept.add({ name: `other-${number}` } as never);
    }
    await ensure(resource, wanted);
    expect((await ensure(resource, wanted)).action).toBe("unchanged");
    expect(posts()).toHaveLength(1);
  });

  test("changed where it differs, and the fields are named", async () => {
    await ensure(await integrations(), wanted);
    const url = "https://b.example.com/open-messaging/events";
    expect(await ensure(await integrations(), { ...wanted, url, headers: { "x-a": "1" } })).toMatchObject({
      action: "changed",
      differences: [
        { field: "outboundNotificationWebhookUrl", from: wanted.url, to: url },
        { field: "webhookHeaders", from: [], to: ["x-a"] },
      ],
    });
    expect(genesys.openMessaging.kept.all).toMatchObject([{ outboundNotificationWebhookUrl: url }]);
    expect(posts()).toHaveLength(1);
  });

  test("a secret that the platform shows is compared, and named without being said", async () => {
    genesys.openMessaging.showsSecret = true;
    await ensure(await integrations(), wanted);
    const { action, differences } = await ensure(await integrations(), {
      ...wanted,
      secret: "another-secret-xy",
    });
    expect(action).toBe("changed");
    expect(JSON.stringify(differences)).not.toContain("another-secret-xy");
    expect(genesys.openMessaging.kept.all[0]?.outboundNotificationWebhookSignatureSecretToken).toBe(
      "another-secret-xy",
    );
  });

  test("one that it does not show is sent only with the whole", async () => {
    await ensure(await integrations(), wanted);
    const other = { ...wanted, secret: "another-secret-xy" };
    expect((await ensure(await integrations(), other)).action).toBe("unchanged");
    const resource = await integrations();
    const [thing] = await resource.list();
    if (thing) await adjust(resource, other, thing, { always: true });
    expect(genesys.openMessaging.kept.all[0]?.outboundNotificationWebhookSignatureSecretToken).toBe(
      other.secret,
    );
  });

  test("a dry run says what it would do, and does nothing", async () => {
    expect((await ensure(await integrations(), wanted, { dryRun: true })).action).toBe("created");
    await ensure(await integrations(), wanted);
    const other = { ...wanted, url: "https://b.example.com/" };
    expect(await ensure(await integrations(), other, { dryRun: true })).toMatchObject({
      action: "changed",
      differences: [{ field: "outboundNotificationWebhookUrl" }],
    });
    expect(writes()).toBe(1);
  });

  test.each(["answer-hangs", "answer-reset"] as const)(
    "%s: what was done is found, not doubled",
    async (fault) => {
      genesys.faults.plan(OPEN_POST, fault);
      expect((await ensure(await integrations(500), wanted)).action).toBe("created");
      expect(genesys.openMessaging.kept.all).toHaveLength(1);
      expect(posts()).toHaveLength(1);
    },
  );

  test.each(["hang", "reset", { status: 502 }] as const)("%j: what was not done is done", async (fault) => {
    genesys.faults.plan(OPEN_POST, fault);
    expect((await ensure(await integrations(500), wanted)).action).toBe("created");
    expect(genesys.openMessaging.kept.all).toHaveLength(1);
    expect(posts()).toHaveLength(2);
  });

  test("a request that was given up and arrives late is not a second one", async () => {
    let release = () => {};
    const heldUntil = new Promise<void>((resolve) => {
      release = resolve;
    });
    genesys.faults.plan(OPEN_POST, { heldUntil });
    const resource = await integrations(500);
    const list = resource.list;
    let looks = 0;
    resource.list = async () => {
      // The third look is the one after the second creation.
      if (++looks === 3) {
        release();
        while (genesys.openMessaging.kept.all.length < 2)
          await new Promise((resolve) => setImmediate(resolve));
      }
      return list();
    };
    expect((await ensure(resource, wanted)).action).toBe("created");
    expect(genesys.openMessaging.kept.all).toHaveLength(1);
  });

  test("it gives up after three failures, and says so", async () => {
    genesys.faults.plan(OPEN_POST, { status: 502 }, 9);
    await expect(ensure(await integrations(), wanted)).rejects.toMatchObject({ kind: "server" });
    expect(posts()).toHaveLength(3);
  });

  test.each([2, 3, 5])("%d at once make one", async (count) => {
    const resources = await Promise.all(Array.from({ length: count }, () => integrations()));
    // All have looked before any of them creates.
    let waiting = count;
    let go = () => {};
    const all = new Promise<void>((resolve) => {
      go = resolve;
    });
    for (const [number, resource] of resources.entries()) {
      const { create, list } = resource;
      // Nobody promises an order of the list.
      if (number % 2 === 1) resource.list = async () => (await list()).toReversed();
      resource.create = async (given) => {
        if (--waiting === 0) go();
        await all;
        return create(given);
      };
    }
    const results = await Promise.all(resources.map((resource) => ensure(resource, wanted)));
    const [left, ...others] = genesys.openMessaging.kept.all;
    expect(others).toEqual([]);
    expect(new Set(results.map(({ thing }) => thing?.id))).toEqual(new Set([left?.id]));
  });

  test("where names are unique, the one that lost the race takes the winner's", async () => {
    genesys.uniqueNames = true;
    const resource = await integrations();
    const create = resource.create;
    resource.create = async (given) => {
      await create(given); // somebody else, between the look and the creation
      return create(given);
    };
    expect((await ensure(resource, wanted)).thing?.id).toBe(genesys.openMessaging.kept.all[0]?.id);
  });

  test("several of the name, from before: it touches none, and names them", async () => {
    const resource = await integrations();
    const ids = [1, 2].map(() => genesys.openMessaging.kept.add({ name: wanted.name } as never).id);
    const error = await ensure(resource, wanted).catch((error: GenesysError) => error);
    expect(error).toMatchObject({ kind: "ambiguous" });
    for (const id of ids) expect((error as GenesysError).message).toContain(id);
    expect(writes()).toBe(0);
  });
});

describe("the tutorial's webhook", () => {
  const webhook = {
    name: "DLQ-Enabled Conversation Analytics",
    description: "Sends conversation analytics",
    enabled: true,
    eventTypes: ["conversation:analytics:summary"],
    endpointUrl: "https://a.example.com/webhook",
    secret: "the-secret",
  };

  test("has the tutorial's body", async () => {
    const { client } = await testClient(genesys.url);
    await ensure(webhooks(client), webhook);
    expect(genesys.webhooks.kept.all).toEqual([
      {
        id: expect.any(String),
        ...webhook,
        filters: [],
        httpMethod: "POST",
        requestType: "JSON",
        retryCount: 3,
        retryInterval: 60,
        timeout: 30,
      },
    ]);
    expect((await ensure(webhooks(client), webhook)).action).toBe("unchanged");
  });

  test("a change keeps the secret where none is given", async () => {
    const { client } = await testClient(genesys.url);
    await ensure(webhooks(client), webhook);
    const { secret: _, ...rest } = webhook;
    const { differences } = await ensure(webhooks(client), { ...rest, enabled: false });
    expect(differences).toEqual([{ field: "enabled", from: true, to: false }]);
    expect(genesys.webhooks.kept.all[0]).toMatchObject({ enabled: false, secret: "the-secret" });
  });

  test("is not on the real platform, and the 404 says what is", async () => {
    genesys.webhooks.exist = false;
    const { client } = await testClient(genesys.url);
    await expect(ensure(webhooks(client), webhook)).rejects.toMatchObject({
      kind: "not-found",
      message: expect.stringContaining("has no /api/v2/webhooks (404)"),
      remedy: expect.stringMatching(/open-messaging create.*eventbridge create.*trigger create/),
    });
  });
});

describe("an EventBridge integration", () => {
  const source = {
    name: "events to AWS",
    awsAccountId: "123456789012",
    awsAccountRegion: "eu-west-1",
    eventSourceSuffix: "events",
    eventFilter: ["v2.detail.events.conversation.{id}.user.end"],
  };

  test("is created, configured and enabled", async () => {
    const { client } = await testClient(genesys.url);
    expect((await ensure(eventBridge(client), source)).action).toBe("created");
    const { name: _, ...properties } = source;
    expect(genesys.integrations.kept.all).toMatchObject([
      { name: source.name, intendedState: "ENABLED", config: { version: 2, properties } },
    ]);
    expect((await ensure(eventBridge(client), source)).action).toBe("unchanged");
  });

  test.each([/^PUT .*config/, /^PATCH /])(
    "cut off at %s, it is finished by the next run",
    async (request) => {
      const { client } = await testClient(genesys.url);
      genesys.faults.plan(request, { status: 403, body: "{}" });
      await expect(ensure(eventBridge(client), source)).rejects.toMatchObject({ kind: "permission" });
      expect((await ensure(eventBridge(client), source)).action).toBe("changed");
      expect(genesys.integrations.kept.all).toMatchObject([{ intendedState: "ENABLED" }]);
    },
  );

  test("a configuration that somebody else changed meanwhile is read again", async () => {
    const { client } = await testClient(genesys.url);
    await ensure(eventBridge(client), source);
    const conflict = { status: 409, body: '{"message":"The version does not match"}' };
    genesys.faults.plan(/^PUT .*config/, conflict);
    const changed = { ...source, eventSourceSuffix: "other" };
    expect((await ensure(eventBridge(client), changed)).action).toBe("changed");
    expect(genesys.integrations.kept.all[0]?.config.properties).toMatchObject({ eventSourceSuffix: "other" });
  });

  test("integrations of other types are none of ours, whatever their name", async () => {
    const { client } = await testClient(genesys.url);
    const other = { name: source.name, integrationType: { id: "custom-rest-actions" } };
    genesys.integrations.kept.add({ ...other, intendedState: "ENABLED", config: {} } as never);
    expect((await ensure(eventBridge(client), source)).action).toBe("created");
    expect(genesys.integrations.kept.all).toHaveLength(2);
  });
});

describe("a trigger", () => {
  const trigger = {
    name: "conversation ended",
    description: "Starts the workflow that calls the receiver",
    topicName: "v2.detail.events.conversation.{id}.user.end",
    enabled: true,
    target: { type: "Workflow", id: "flow-1", workflowTargetSettings: { dataFormat: "Json" } },
    matchCriteria: [{ jsonPath: "mediaType", operator: "Equal", value: "VOICE" }],
  } as const;

  test("is created once, and changed with its version", async () => {
    const { client } = await testClient(genesys.url);
    expect((await ensure(triggers(client), trigger)).action).toBe("created");
    expect((await ensure(triggers(client), trigger)).action).toBe("unchanged");
    const { differences } = await ensure(triggers(client), { ...trigger, enabled: false });
    expect(differences).toEqual([{ field: "enabled", from: true, to: false }]);
    expect(genesys.triggers.kept.all).toMatchObject([{ enabled: false, version: 2 }]);
  });

  test("keeps its topic: another one is refused before anything is sent", async () => {
    const { client } = await testClient(genesys.url);
    await ensure(triggers(client), trigger);
    await expect(ensure(triggers(client), { ...trigger, topicName: "v2.other" })).rejects.toThrow(
      /topic cannot be changed/,
    );
    expect(writes()).toBe(1);
  });
});
