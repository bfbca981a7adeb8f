import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { forgetTestClients, testClient } from "../../support/genesys/client.ts";
import { CLIENT, GenesysStandIn } from "../../support/genesys/stand-in.ts";

let genesys: GenesysStandIn;
let cacheFolder: string;

beforeAll(async () => {
  genesys = await GenesysStandIn.start({ tokenLifetimeSeconds: 3_600 });
});
beforeEach(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), "genesys-token-"));
});
afterEach(async () => {
  genesys.reset();
  genesys.oauth.granted.length = 0;
  await rm(cacheFolder, { recursive: true, force: true });
  await forgetTestClients();
});
afterAll(() => genesys.stop());

const anything = z.looseObject({});
const path = "/api/v2/tokens/me";
const ask = ({ client }: Awaited<ReturnType<typeof testClient>>) =>
  client.call({ method: "GET", path, doing: "look" }, anything);

test.each([
  ["platform", "basic"],
  ["tutorial", "form"],
] as const)("the %s's flow sends id and secret by %s", async (flow, expected) => {
  await ask(await testClient(genesys.url, { flow }));
  expect(genesys.oauth.granted).toEqual([{ clientId: CLIENT.id, flow: expected }]);
});

test("a token serves every command until shortly before its end", async () => {
  await ask(await testClient(genesys.url, { cacheFolder }));
  const second = await testClient(genesys.url, { cacheFolder });
  await ask(second);
  expect(genesys.oauth.granted).toHaveLength(1);

  const third = await testClient(genesys.url, { cacheFolder });
  third.clock.pass(3_600_000 - 59_000);
  await ask(third);
  expect(genesys.oauth.granted).toHaveLength(2);
});

test("a wrong secret is said to be wrong, whatever another one has been granted", async () => {
  await ask(await testClient(genesys.url, { cacheFolder }));
  await expect(ask(await testClient(genesys.url, { cacheFolder, secret: "a wrong one" }))).rejects.toThrow();
  await ask(await testClient(genesys.url, { cacheFolder })); // whose token is there still
  expect(genesys.oauth.granted).toHaveLength(1);
});

test("the file is its owner's alone, and no draft is left", async () => {
  await rm(cacheFolder, { recursive: true });
  const { cache } = await testClient(genesys.url, { cacheFolder });
  await ask(await testClient(genesys.url, { cacheFolder }));
  expect((await stat(cache.file)).mode & 0o777).toBe(0o600);
  expect((await stat(cacheFolder)).mode & 0o777).toBe(0o700);
  expect(await readdir(cacheFolder)).toHaveLength(1);
  expect(await readFile(cache.file, "utf8")).not.toContain(CLIENT.secret);
});

test("a folder that others may enter is closed to them", async () => {
  await chmod(cacheFolder, 0o755);
  await ask(await testClient(genesys.url, { cacheFolder }));
  expect((await stat(cacheFolder)).mode & 0o777).toBe(0o700);
});

test("a token that others could read is thrown away, and the person is told", async () => {
  const { cache } = await testClient(genesys.url, { cacheFolder });
  await ask(await testClient(genesys.url, { cacheFolder }));
  await chmod(cache.file, 0o644);
  const client = await testClient(genesys.url, { cacheFolder });
  await ask(client);
  expect(client.warnings).toEqual([expect.stringContaining("could be read by others")]);
  expect(genesys.oauth.granted).toHaveLength(2);
  expect((await stat(cache.file)).mode & 0o777).toBe(0o600);
});

test("a link in its place is not followed", async () => {
  const elsewhere = join(cacheFolder, "elsewhere");
  const token = { accessToken: "planted", expiresAt: Date.now() + 1e9, grantedAt: 0 };
  await writeFile(elsewhere, JSON.stringify(token), { mode: 0o600 });
  const client = await testClient(genesys.url, { cacheFolder });
  await symlink(elsewhere, client.cache.file);
  await ask(client);
  expect(genesys.requests.map(({ authorization }) => authorization)).not.toContain("Bearer planted");
  expect(JSON.parse(await readFile(elsewhere, "utf8"))).toEqual(token);
});

test.each(["", "{", "[]", '{"accessToken":1}', '{"accessToken":"x","expiresAt":"soon"}'])(
  "a file with %j in it counts for nothing",
  async (content) => {
    const client = await testClient(genesys.url, { cacheFolder });
    await writeFile(client.cache.file, content, { mode: 0o600 });
    await ask(client);
    expect(genesys.oauth.granted).toHaveLength(1);
  },
);

test("where nothing can be kept, the command goes on and says so", async () => {
  const folder = join(cacheFolder, "a-file");
  await writeFile(folder, "");
  const client = await testClient(genesys.url, { cacheFolder: folder });
  await ask(client);
  expect(client.warnings).toEqual(["The token is not kept for the next command (EEXIST)."]);
});

test("another region, client or flow has a token of its own", async () => {
  const { cache } = await testClient(genesys.url, { cacheFolder });
  const other = await testClient("https://other.example.com", { cacheFolder });
  const otherClient = await testClient(genesys.url, { cacheFolder, clientId: "another" });
  expect(new Set([cache.file, other.cache.file, otherClient.cache.file]).size).toBe(3);
});

test("a token that was ended before its time is renewed, once", async () => {
  await ask(await testClient(genesys.url, { cacheFolder }));
  genesys.oauth.revokeAll();
  const client = await testClient(genesys.url, { cacheFolder });
  await ask(client);
  expect(genesys.oauth.granted).toHaveLength(2);

  genesys.faults.plan(/tokens\/me/, { status: 401, body: "{}" }, 9);
  await expect(ask(client)).rejects.toMatchObject({ kind: "credentials" });
  expect(genesys.oauth.granted).toHaveLength(3);
});
