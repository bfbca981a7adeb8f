import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { jest } from "@jest/globals";
import { describeTree } from "../../cli/completion/tree.ts";
import { createProgram } from "../../cli/program.ts";
import { toAttributes } from "../../contract/event/dead-letter.ts";
import { sha256 } from "../../contract/event/envelope.ts";
import { PLACEHOLDER_PARAMETER_VALUE } from "../../contract/secret.ts";
import { type DeadLetters, startDeadLetters } from "../support/dead-letters.ts";
import { envelopeFor } from "../support/envelopes.ts";
import { CLIENT, GenesysStandIn } from "../support/genesys/stand-in.ts";
import { runInProcess } from "../support/in-process.ts";
import { type StoredSecret, startStoredSecret } from "../support/secret-parameter.ts";

jest.setTimeout(120_000);

/** What each command does to what is stored. A new command has its line here, and its tests below where it destroys. */
const commands: Readonly<Record<string, "reads" | "adds" | "moves" | "destroys">> = {
  doctor: "reads",
  console: "moves", // by what is pressed on its page
  "dlq stats": "reads",
  "dlq list": "reads",
  "events show": "reads",
  "events list": "reads",
  tail: "reads",
  "dlq show": "reads",
  "dlq redrive": "moves",
  "dlq replay": "reads",
  "dlq export": "destroys", // a file that is there
  "dlq import": "adds",
  "dlq purge": "destroys",
  "breaker open": "moves",
  "breaker close": "moves",
  "breaker status": "reads",
  send: "adds",
  "secret set": "destroys", // the secret before
  "secret rotate": "destroys",
  "secret rekey": "moves",
  "role-policy deploy": "reads",
  "role-policy plan": "reads",
  "genesys token": "reads",
  ...Object.fromEntries(
    ["webhooks", "open-messaging", "eventbridge", "trigger"].flatMap((group) => [
      [`genesys ${group} list`, "reads"],
      [`genesys ${group} create`, "adds"],
      [`genesys ${group} update`, "moves"],
      [`genesys ${group} delete`, "destroys"],
    ]),
  ),
  forecast: "reads",
  plan: "destroys", // with --apply, which wants --reviewed
  bootstrap: "adds",
  completion: "reads",
};

test("it is known of every command what it does to what is stored", async () => {
  const paths = describeTree(await createProgram()).map(({ path }) => path.replace("genesys-dlq ", ""));
  const leaves = paths.filter((path) => !paths.some((other) => other.startsWith(`${path} `)));
  expect(leaves.filter((leaf) => leaf !== "genesys-dlq").sort()).toEqual(Object.keys(commands).sort());
});

test("a plan is applied only where somebody has approved one", async () => {
  const { code, stderr } = await runInProcess(["plan", "dev", "--apply"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/--apply .* --reviewed/s);
});

/** In the bytes of every event, and in no fact about one. */
const PAYLOAD = "planted-customer-text";

describe("dead letters", () => {
  let deadLetters: DeadLetters;
  beforeAll(async () => {
    deadLetters = await startDeadLetters();
    const { send } = SQSClient.prototype;
    jest.spyOn(SQSClient.prototype, "send").mockImplementation(function (this: SQSClient, ...given) {
      const command: unknown = given[0];
      // Nobody else puts messages here: an empty answer need not be waited for.
      if (command instanceof ReceiveMessageCommand) command.input.WaitTimeSeconds = 0;
      return Reflect.apply(send, this, given);
    });
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await deadLetters.stop();
  });
  beforeEach(async () => {
    deadLetters.reset();
    for (const [id, reason] of [
      ["id-one", "exhausted"],
      ["id-two", "permanent"],
    ] as const) {
      const body = envelopeFor(`{"text":"${PAYLOAD} of ${id}"}`, { id });
      await deadLetters.putMessage(body, toAttributes({ class: reason, message: "No.", eventId: id }));
    }
  });

  const dlq = (...args: string[]) => runInProcess(["dlq", ...args, ...deadLetters.place]);
  const NAME = "events-dead-letters";
  const allAreThere = () => {
    expect(deadLetters.state().map(({ visible }) => visible)).toEqual([true, true]);
    expect(deadLetters.cloud.messages("main")).toEqual([]);
  };

  const unconfirmed = [
    [],
    ["--yes"],
    ["--name", NAME],
    ["--yes", "--name", "events"],
    ["--yes", "--name", NAME.toUpperCase()],
  ];
  const filters = [[], ["--class", "permanent"]];
  test.each(
    filters.flatMap((filter) =>
      unconfirmed.flatMap((confirmation) => [
        [[...filter, ...confirmation]],
        [[...filter, ...confirmation, "--json"]],
      ]),
    ),
  )("purge %j deletes nothing, and says on stderr how to go on", async (args) => {
    const { code, stdout, stderr } = await dlq("purge", ...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(NAME);
    expect(stderr).not.toContain(PAYLOAD);
    allAreThere();
  });

  test.each<[string[], number]>([
    [["--class", "permanent"], 1],
    [["--status", "599"], 0],
    [[], 2],
  ])("purge %j, confirmed, deletes what it names and no more, and tells %i", async (filter, purged) => {
    const { code, stdout } = await dlq("purge", ...filter, "--yes", "--name", NAME, "--json");
    expect([code, JSON.parse(stdout)]).toEqual([purged > 0 ? 0 : 3, { purged }]);
    const left = deadLetters.state();
    expect(left).toHaveLength(2 - purged);
    expect(left.every(({ visible }) => visible)).toBe(true);
    expect(deadLetters.cloud.messages("main")).toEqual([]);
  });

  test("there is no purge that only says what it would do: a word that it does not know stops it", async () => {
    expect((await dlq("purge", "--dry-run", "--yes", "--name", NAME)).code).toBe(2);
    allAreThere();
  });

  test.each(filters.flatMap((filter) => [[filter], [[...filter, "--json"]], [[...filter, "--yes"]]]))(
    "redrive --dry-run %j moves nothing",
    async (args) => {
      const { code, stdout } = await dlq("redrive", "--dry-run", ...args);
      expect(code).toBe(0);
      const count = args.includes("--class") ? 1 : 2;
      if (args.includes("--json"))
        expect(JSON.parse(stdout)).toMatchObject({ dryRun: true, wouldRedrive: count });
      else expect(stdout).toMatch(new RegExp(`^${count} would be redriven: `));
      allAreThere();
    },
  );

  test.each(filters.flatMap((filter) => [[filter], [[...filter, "--json"]]]))(
    "export %j leaves a file alone that is there, and the dead letters too",
    async (args) => {
      const file = join(deadLetters.folder, "kept.jsonl");
      await writeFile(file, "somebody's");
      const { code, stdout } = await dlq("export", file, ...args);
      expect([code, stdout]).toEqual([2, ""]);
      expect(await readFile(file, "utf8")).toBe("somebody's");
      allAreThere();
      await rm(file);
    },
  );

  const said = async (...args: string[]) => {
    const { stdout, stderr } = await dlq(...args);
    return stdout + stderr;
  };

  test.each<[string[]]>([
    [["list"]],
    [["stats"]],
    [["redrive", "--dry-run"]],
    [["redrive", "--class", "exhausted"]],
    [["purge", "--class", "permanent", "--yes", "--name", NAME]],
    [["export", "FILE"]],
    [["export", "FILE", "--no-payloads"]],
  ])("%j says nothing of an event's own text, for a person or a script", async (args) => {
    for (const more of [[], ["--json"]]) {
      const file = join(deadLetters.folder, `export-${more.length}.jsonl`);
      const given = args.map((word) => (word === "FILE" ? file : word));
      expect(await said(...given, ...more)).not.toContain(PAYLOAD);
      await rm(file, { force: true });
    }
  });

  test.each<[string[]]>([[["show", "id-two"]], [["export", "-"]]])(
    "%j is how it is asked for",
    async (args) => {
      expect((await dlq(...args)).stdout).toContain(PAYLOAD);
    },
  );

  test("of two equal dead letters in a file, an import brings back the one that is not there", async () => {
    deadLetters.reset();
    const twins = async (count: number) => {
      for (let twin = 0; twin < count; twin++) await deadLetters.put("twin");
    };
    await twins(3);
    const file = join(deadLetters.folder, "twins.jsonl");
    await dlq("export", file);
    for (const [there, imported] of [
      [0, 3],
      [1, 2],
      [2, 1],
      [3, 0],
    ] as const) {
      deadLetters.reset();
      await twins(there);
      const { stdout } = await dlq("import", file, "--json");
      expect(JSON.parse(stdout)).toMatchObject({ imported, alreadyThere: there });
      expect(deadLetters.state()).toHaveLength(3);
    }
    const { stdout } = await dlq("import", file, "--to", "queue", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ imported: 3, alreadyThere: 0 });
    expect(deadLetters.cloud.messages("main")).toHaveLength(3);
  });

  test("an import writes into no other bucket than the environment's, and over no object that is there", async () => {
    const { cloud } = deadLetters;
    deadLetters.reset();
    cloud.server.createBucket("another-environments");
    const line = (bucket: string, key: string) =>
      JSON.stringify({
        body: JSON.stringify({
          version: 1,
          id: key,
          source: "webhook",
          received_at: "2026-11-24T12:00:00.000Z",
          webhook_id: null,
          webhook_name: null,
          body_sha256: sha256("payload"),
          payload: null,
          payload_ref: { bucket, key, bytes: 7 },
        }),
        attributes: {},
        payload: "payload",
      });
    const { PutObjectCommand, ListObjectsV2Command } = await import("@aws-sdk/client-s3");
    await cloud.s3.send(
      new PutObjectCommand({ Bucket: cloud.bucket, Key: "claim-checks/there", Body: "older" }),
    );
    const file = join(deadLetters.folder, "references.jsonl");
    await writeFile(
      file,
      [
        line("another-environments", "claim-checks/theirs"),
        line(cloud.bucket, "claim-checks/ours"),
        line(cloud.bucket, "claim-checks/there"),
        line(cloud.bucket, "breaker/mapping.json"),
        line(cloud.bucket, "claim-checks/forged").replace('"payload":"payload"', '"payload":"forged"'),
      ].join("\n"),
    );
    const { stdout } = await dlq("import", file, "--json");
    expect(JSON.parse(stdout)).toMatchObject({ imported: 4, payloadsRestored: 1, unreadable: [5] });
    const { Contents: theirs = [] } = await cloud.s3.send(
      new ListObjectsV2Command({ Bucket: "another-environments" }),
    );
    expect(theirs).toEqual([]);
    expect(await cloud.keys()).toEqual(["claim-checks/ours", "claim-checks/there"]);
    expect((await cloud.object("claim-checks/ours")).bytes.toString()).toBe("payload");
    expect((await cloud.object("claim-checks/there")).bytes.toString()).toBe("older");
  });
});

describe("what Genesys has of ours", () => {
  let genesys: GenesysStandIn;
  let folder: string;
  beforeAll(async () => {
    [genesys, folder] = await Promise.all([
      GenesysStandIn.start({ requestsPerMinute: 1e9 }),
      mkdtemp(join(tmpdir(), "destroying-")),
    ]);
    Object.assign(process.env, {
      GENESYSCLOUD_OAUTHCLIENT_ID: CLIENT.id,
      GENESYSCLOUD_OAUTHCLIENT_SECRET: CLIENT.secret,
      XDG_CACHE_HOME: folder,
    });
  });
  afterAll(async () => {
    await genesys?.stop();
    await rm(folder, { recursive: true, force: true });
    delete process.env["GENESYSCLOUD_OAUTHCLIENT_ID"];
    delete process.env["GENESYSCLOUD_OAUTHCLIENT_SECRET"];
  });

  const kinds = {
    webhooks: () => genesys.webhooks.kept,
    "open-messaging": () => genesys.openMessaging.kept,
    eventbridge: () => genesys.integrations.kept,
    trigger: () => genesys.triggers.kept,
  } as const;
  type Kind = keyof typeof kinds;
  type Thing = { readonly id: string; readonly name: string };

  /** Two of a kind; what else the platform knows of them is of no account here. */
  function twoOf(kind: Kind): readonly [Thing, Thing] {
    genesys.reset();
    const kept = kinds[kind]() as unknown as { add(thing: object): Thing };
    const config = { version: 1, notes: "", properties: {}, advanced: {}, credentials: {} };
    const thing = (name: string) =>
      kept.add({
        name,
        version: 1,
        integrationType: { id: "amazon-eventbridge-source" },
        config: { ...config, name },
      });
    return [thing("ours"), thing("others")];
  }
  const run = (kind: Kind, ...args: string[]) =>
    runInProcess(["genesys", kind, "delete", ...args, "--genesys-url", genesys.url]);
  const names = (kind: Kind) => kinds[kind]().all.map(({ name }) => name);

  test.each(
    (Object.keys(kinds) as Kind[]).flatMap((kind) =>
      [
        [],
        ["--json"],
        ["--dry-run"],
        ["--dry-run", "--json"],
        ["--dry-run", "--yes"],
        ["--dry-run", "--yes", "--json"],
      ].map((more) => [kind, more] as const),
    ),
  )("%s delete --name %j deletes nothing", async (kind, more) => {
    const [{ id }] = twoOf(kind);
    for (const which of [
      ["--name", "ours"],
      ["--id", id],
    ]) {
      const { code, stdout, stderr } = await run(kind, ...which, ...more);
      expect(names(kind)).toEqual(["ours", "others"]);
      expect(genesys.requests.filter(({ method }) => method === "DELETE")).toEqual([]);
      if (more.includes("--dry-run")) expect([code, stdout]).toEqual([0, expect.stringContaining(id)]);
      else expect([code, stdout, stderr]).toEqual([2, "", expect.stringContaining("give --yes")]);
    }
  });

  test.each(Object.keys(kinds) as Kind[])(
    "%s delete --yes deletes the one that is named, and no other",
    async (kind) => {
      const [{ id }] = twoOf(kind);
      expect((await run(kind, "--yes")).code).toBe(2); // which one?
      expect((await run(kind, "--yes", "--name", "nobody")).code).toBe(1);
      expect((await run(kind, "--yes", "--id", id.slice(0, -1))).code).toBe(1);
      expect(names(kind)).toEqual(["ours", "others"]);
      expect((await run(kind, "--yes", "--id", id, "--json")).code).toBe(0);
      expect(names(kind)).toEqual(["others"]);
    },
  );
});

describe("secrets", () => {
  const STORED = "planted-stored-secret-1234567890";
  let stored: StoredSecret;
  beforeAll(async () => {
    stored = await startStoredSecret();
  });
  afterAll(() => stored.stop());

  const secret = (...args: string[]) => runInProcess(["secret", ...args, ...stored.place]);
  const current = () => stored.parsed.current;

  test.each([[[]], [["--json"]], [["--print"]], [["--yes"]], [["webhook", "--print", "--json"]]])(
    "set %j leaves a secret alone that is there, and does not say it",
    async (args) => {
      stored.value = JSON.stringify({ current: STORED });
      const { code, stdout, stderr } = await secret("set", ...args);
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).not.toContain(STORED);
      expect(current()).toBe(STORED);
    },
  );

  test.each([
    [[], false],
    [["--json"], false],
    [["--print"], true],
    [["--print", "--json"], true],
  ])("set %j: the one that it makes is said: %s", async (args, isSaid) => {
    for (const [before, more] of [
      [PLACEHOLDER_PARAMETER_VALUE, []],
      [JSON.stringify({ current: STORED }), ["--replace"]],
    ] as const) {
      stored.value = before;
      const { code, stdout, stderr } = await secret("set", ...args, ...more);
      expect(code).toBe(0);
      expect(current()).toMatch(/^[\w-]{43}$/);
      expect(stdout.includes(current())).toBe(isSaid);
      expect(stderr).not.toContain(current());
      expect(stdout + stderr).not.toContain(STORED);
    }
  });

  const rotation = [
    "rotate",
    "--manual",
    "--switched",
    "--refresh-seconds",
    "0.001",
    "--grace-seconds",
    "0.001",
  ];
  test.each([
    [[], false],
    [["--json"], false],
    [["--print"], true],
    [["--print", "--json"], true],
  ])("rotate %j: the new one is said: %s, the old one never", async (args, isSaid) => {
    stored.value = JSON.stringify({ current: STORED });
    const { code, stdout, stderr } = await secret(...rotation, ...args);
    expect(code).toBe(0);
    expect(current()).not.toBe(STORED);
    expect(stdout.includes(current())).toBe(isSaid);
    expect(stderr).not.toContain(current());
    expect(stdout + stderr).not.toContain(STORED);
  });

  test("a rotation that nobody has carried on in Genesys keeps the old one, and ends with 3", async () => {
    stored.value = JSON.stringify({ current: STORED });
    const args = rotation.filter((word) => word !== "--switched");
    expect((await secret(...args)).code).toBe(3);
    expect(stored.parsed).toMatchObject({ previous: STORED, rotation: { step: "announced" } });
  });
});
