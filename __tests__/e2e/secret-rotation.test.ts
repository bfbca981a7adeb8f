import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { jest } from "@jest/globals";
import type { SecretValue } from "../../contract/secret.ts";
import { COMMAND, commandEnvironment, runCommand } from "../support/command.ts";
import { outboundMessage } from "../support/genesys/messages.ts";
import { CLIENT, GenesysStandIn } from "../support/genesys/stand-in.ts";
import { forAllTests } from "../support/hooks.ts";
import { runInProcess } from "../support/in-process.ts";
import { keepLedger, type Ledger } from "../support/ledger.ts";
import { localRun } from "../support/local-bench.ts";
import { quickInput } from "../support/local-run.ts";

jest.setTimeout(300_000);

const PARAMETER = "/genesys-events/test/open-messaging/main";

let ledger: Ledger;

const genesys = forAllTests(() => GenesysStandIn.start({ timeFactor: 0.02, timeoutFactor: 1 }));
const bench = localRun({
  input: {
    ...quickInput,
    secretRefreshSeconds: 1,
    sources: { "open-messaging": { integrations: { main: { kind: "signature" } } } },
  },
});
const { workshop, run, destination } = bench;
beforeAll(async () => {
  ledger = keepLedger(destination);
  expect(await genesysCommand("open-messaging", "create")).toMatchObject({ code: 0 });
});

const env = () => ({
  GENESYSCLOUD_OAUTHCLIENT_ID: CLIENT.id,
  GENESYSCLOUD_OAUTHCLIENT_SECRET: CLIENT.secret,
  XDG_CACHE_HOME: join(workshop.folder, "cache"),
});
const place = () => ["--data", bench.data, "--genesys-url", genesys.url];
const genesysCommand = (...args: string[]) => runInProcess(["genesys", ...args, ...place()], { env: env() });
const ROTATE = ["secret", "rotate", "open-messaging", "--refresh-seconds", "4", "--grace-seconds", "4"];
const rotate = (...args: string[]) => runInProcess([...ROTATE, ...place(), ...args], { env: env() });

const stored = () => JSON.parse(run.cloud.parameters.value(PARAMETER) ?? "") as SecretValue;
const held = () => genesys.openMessaging.kept.all[0]?.outboundNotificationWebhookSignatureSecretToken;

/** Genesys sends without a pause, with whatever secret it holds at the moment. */
function underLoad() {
  const sent: number[] = [];
  const refused: unknown[] = [];
  let going = true;
  const [integration] = genesys.openMessaging.kept.all;
  const sender = async (number: number) => {
    for (let count = 0; going; count++) {
      const message = outboundMessage("main", `load ${number} ${count}`);
      const [report] = await genesys.deliver(integration?.id ?? "", message);
      sent.push(count);
      // A 503 means "again", and a busy machine has its share of them; Genesys does not try a 401 again.
      if (!report?.delivered) refused.push(report?.attempts);
    }
  };
  const senders = Promise.all([0, 1].map(sender));
  return async () => {
    going = false;
    await senders;
    return { sent: sent.length, refused };
  };
}

let delivered = 0;
async function allOf(stop: () => Promise<{ sent: number; refused: unknown[] }>) {
  const { sent, refused } = await stop();
  expect(refused).toEqual([]);
  expect(sent).toBeGreaterThan(0);
  delivered += sent;
  await ledger.keys(delivered);
}

/** A rotation that is killed in a moment of its own choosing. */
async function killedAt(moment: (kill: () => void) => () => void): Promise<{ said: string }> {
  const child: ChildProcess = spawn(process.execPath, [...COMMAND, ...ROTATE, ...place()], {
    cwd: tmpdir(),
    env: commandEnvironment(env()),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const undo = moment(() => child.kill("SIGKILL"));
  const [out, err, [, signal]] = await Promise.all([
    text(child.stdout as NodeJS.ReadableStream),
    text(child.stderr as NodeJS.ReadableStream),
    once(child, "close"),
  ]);
  undo();
  expect({ signal, err }).toMatchObject({ signal: "SIGKILL" });
  return { said: out + err };
}

/** Genesys has been switched over, and its answer has not arrived yet. */
const atSwitch = (kill: () => void) => {
  const before = held();
  genesys.faults.plan(/^PATCH .*open/, "answer-hangs");
  const looking = setInterval(() => {
    if (held() !== before) kill();
  }, 5);
  return () => {
    clearInterval(looking);
    genesys.faults.clear();
  };
};

test("under load, a secret is replaced and not one event refused; nobody is told either secret", async () => {
  const before = stored().current;
  const stop = underLoad();
  const { code, stdout, stderr } = await rotate();
  await allOf(stop);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout).toBe(
    "The secret of open-messaging/main has been replaced; the old one is not taken any more.\n",
  );
  // A busy machine may have spent a second's pause before it comes to it: then there is nothing to wait for.
  const steps = stderr.split("\n").filter((line) => !line.startsWith("Waiting for"));
  expect(steps).toEqual([
    "The new secret stands beside the old one.",
    'Genesys has it: Open Messaging integration "genesys-events-test-main".',
    "Genesys signs with the new secret.",
    "",
  ]);
  expect(stored()).toEqual({ current: held() });
  expect(held()).not.toBe(before);
  for (const secret of [before, held() ?? ""]) expect(stdout + stderr).not.toContain(secret);
});

// Every other moment, and any number of kills: cli/secret/rotate.test.ts.
test("killed when Genesys is switched over, it refuses nothing, and the same command brings it to its end", async () => {
  const before = stored().current;
  const stop = underLoad();
  const { said } = await killedAt(atSwitch);
  const { current, previous } = stored();
  expect({ current, previous }).toEqual({ current: held(), previous: before });
  const { code, stdout, stderr } = await rotate("--json");
  await allOf(stop);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(JSON.parse(stdout)).toMatchObject({ done: true, resumed: true });
  expect(stored()).toEqual({ current });
  expect(held()).toBe(current);
  for (const secret of [before, current]) expect(said + stdout + stderr).not.toContain(secret);
});

test("where Genesys cannot be switched over, nothing is begun", async () => {
  const before = run.cloud.parameters.value(PARAMETER);
  const wrong = await rotate("--name", "nobody");
  expect(wrong).toMatchObject({ code: 1, stdout: "" });
  expect(wrong.stderr).toMatch(
    /^error: There is no Open Messaging integration "nobody" in Genesys\.\nName it/,
  );
  expect(run.cloud.parameters.value(PARAMETER)).toBe(before);
});

test("by hand: it stops where Genesys has to be changed, and goes on when it has been", async () => {
  const stop = underLoad();
  const left = await rotate("--manual", "--print", "--json");
  expect(left).toMatchObject({ code: 3 });
  const { secret, done } = JSON.parse(left.stdout);
  expect({ secret, done }).toEqual({ secret: stored().current, done: false });

  const [integration] = genesys.openMessaging.kept.all;
  if (integration) integration.outboundNotificationWebhookSignatureSecretToken = secret;
  const rest = await rotate("--manual", "--switched");
  await allOf(stop);
  expect(rest).toMatchObject({ code: 0 });
  expect(stored()).toEqual({ current: secret });
});

test("Ctrl-C during a wait says that the same command goes on", async () => {
  const args = [...ROTATE.slice(0, 3), "--refresh-seconds", "600", ...place()];
  const { code, stderr } = await runCommand(args, { env: env(), interrupt: /Waiting for 600 s/ });
  expect(code).toBe(130);
  expect(stderr).toMatch(
    /\nInterrupted\.\nNothing is refused meanwhile; the same command goes on from here\.\n$/,
  );
  expect(await rotate()).toMatchObject({ code: 0 });
});
