import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { environments } from "../../deployment/rehearsal/guarded-environments.ts";
import { readConfiguration } from "../../infra/configuration.ts";
import type { EnvironmentInput } from "../../infra/settings.ts";
import { EventPipelineStack } from "../../infra/stack.ts";
import { interpolate } from "../../terraform/expression.ts";

/** One resource as it stands in `cdk.tf.json`. */
type Resource = Readonly<Record<string, unknown>>;

/** A synthesised stack, parsed. */
export interface Synthesised {
  readonly json: Readonly<Record<string, unknown>>;
  /** By id, without cdktf's own `//`. */
  readonly resources: (type: string) => Readonly<Record<string, Resource>>;
  /** @throws when there is none */
  readonly resource: (type: string, id: string) => Resource;
}

/** The least that an environment has to say. */
export const leastInput: EnvironmentInput = {
  region: "eu-west-1",
  disposable: true,
  backend: { kind: "local", path: "terraform.test.tfstate" },
  sources: { webhook: { authentication: { kind: "signature" } } },
  destination: { kind: "http", url: "https://destination.example.com/events" },
};

/** Everything switched on. */
export const fullInput: EnvironmentInput = {
  ...leastInput,
  sources: {
    webhook: { authentication: { kind: "signature" }, dedupePath: "detail.id" },
    "open-messaging": {
      integrations: {
        "6f0c2a1e-1111-4222-8333-444455556666": { kind: "signature" },
        "second.one": { kind: "signature", encoding: "hex" },
        open: { kind: "none" },
      },
    },
    "data-action": { authentication: { kind: "shared-secret" } },
  },
  destination: {
    kind: "http",
    url: "https://destination.example.com/events",
    credentials: { kind: "api-key" },
    signing: { kind: "standard-webhooks" },
  },
  onOversize: { kind: "drop-fields", paths: ["transcripts"] },
  alarms: { notify: ["on.call@example.com"] },
};

/** The least that an environment has to say in which nothing may be lost. */
export const sharedInput: EnvironmentInput = {
  ...leastInput,
  disposable: false,
  alarms: { notify: ["on.call@example.com"] },
  backend: { kind: "s3", bucket: "state", key: "key", region: "eu-west-1" },
};

/** Everything switched on, and guarded as much as it can be. */
export const guardedInput: EnvironmentInput = environments.guarded;

/** Synthesises one environment with code that nobody runs. */
export function synthesise(
  input: EnvironmentInput,
  environment = "test",
  Stack: typeof EventPipelineStack = EventPipelineStack,
): Synthesised {
  const directory = mkdtempSync(join(tmpdir(), "synth-"));
  try {
    const settings = readConfiguration({ [environment]: input }).environments.get(environment);
    if (!settings) throw new Error("no settings");
    const path = join(directory, "dummy.zip");
    writeFileSync(path, "not a zip");
    const artifact = { path, sha256Base64: "AAAA", sha256Hex: "0000" };
    const app = new App({ outdir: join(directory, "out") });
    new Stack(app, environment, settings, {
      receiver: artifact,
      processor: artifact,
      recovery: artifact,
    });
    app.synth();
    return parseStack(readFileSync(join(directory, "out", "stacks", environment, "cdk.tf.json"), "utf8"));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A stack as cdktf wrote it. */
export function parseStack(text: string): Synthesised {
  const json = JSON.parse(text) as Record<string, unknown>;
  const all = json["resource"] as Record<string, Record<string, Resource>>;
  const resources = (type: string) =>
    Object.fromEntries(
      Object.entries(all[type] ?? {}).map(([id, { "//": _, ...resource }]) => [id, resource]),
    );
  return {
    json,
    resources,
    resource: (type, id) => {
      const resource = resources(type)[id];
      if (!resource) throw new Error(`There is no ${type}.${id}`);
      return resource;
    },
  };
}

/** Parses an attribute that holds JSON; references in it stay as they are written. */
export function json(value: unknown): unknown {
  return JSON.parse(interpolate(String(value), ({ address, attribute }) => ref(`${address}.${attribute}`)));
}

/** A reference as it stands in `cdk.tf.json`: `aws_sqs_queue.queues_main.arn` in `${}`. */
export function ref(path: string): string {
  return `\${${path}}`;
}
