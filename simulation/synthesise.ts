import { join } from "node:path";
import { App } from "cdktf";
import type { EnvironmentInput } from "../contract/settings/environment.ts";
import { readConfiguration } from "../infra/configuration.ts";
import { EventPipelineStack } from "../infra/stack.ts";

const NAME = "simulated";

/** What a scenario's settings are laid over: defaults, as far as there are any. */
const plain: EnvironmentInput = {
  region: "eu-west-1",
  disposable: true,
  backend: { kind: "local", path: "simulated.tfstate" },
  sources: { webhook: { authentication: { kind: "signature" } } },
  destination: { kind: "http", url: "https://destination.example.com/events" },
};

/**
 * Synthesises the stack of some settings; the code of its functions is loaded from the tree, not from a bundle.
 *
 * @returns its `cdk.tf.json`
 */
export function synthesiseFor(settings: Partial<EnvironmentInput>, folder: string): string {
  const environment = readConfiguration({ [NAME]: { ...plain, ...settings } }).environments.get(NAME);
  if (environment === undefined) throw new Error("There are no settings.");
  const artifact = {
    path: join(import.meta.dirname, "synthesise.ts"),
    sha256Base64: "simulated",
    sha256Hex: "simulated",
  };
  const app = new App({ outdir: folder });
  new EventPipelineStack(app, NAME, environment, {
    receiver: artifact,
    processor: artifact,
    recovery: artifact,
  });
  app.synth();
  return join(folder, "stacks", NAME, "cdk.tf.json");
}
