import { S3Client } from "@aws-sdk/client-s3";
import { CommandError } from "../../contract/command-error.ts";
import { defined } from "../../contract/defined.ts";
import { locationOf } from "../../contract/settings/backend.ts";
import { ConfigurationError, readConfiguration } from "../../infra/configuration.ts";
import { environments } from "../../infra/environments.ts";
import { establish, inspect, type Step } from "./state-bucket.ts";

export interface BootstrapOptions {
  /** One of the configuration. */
  readonly environment: string;
  readonly dryRun: boolean;
  /** AWS profile. */
  readonly profile?: string;
}

export interface BootstrapPorts {
  /** Told of what is there and of what is done, line by line. */
  readonly say: (line: string) => Promise<void> | void;
  /** Asked once before anything is changed; `false` leaves everything as it is. */
  readonly agree: () => Promise<boolean>;
}

/** One property of a state bucket, and whether it was there, is now, or is not. */
interface Property {
  readonly name: string;
  readonly state: "ok" | "done" | "missing";
}

export interface Bootstrapped {
  readonly environment: string;
  /** Where the state is kept: a bucket, or a file that needs nothing. */
  readonly bucket?: string;
  readonly properties: readonly Property[];
}

/**
 * Looks at the bucket that keeps an environment's Terraform state, and puts right what is not as it should be.
 *
 * @throws {CommandError} where the bucket is somebody else's, S3 refuses a step, or nobody agreed to it
 */
export async function bootstrap(options: BootstrapOptions, ports: BootstrapPorts): Promise<Bootstrapped> {
  const { environment, dryRun, profile } = options;
  const backend = backendOf(environment);
  if (backend.kind !== "s3") {
    await ports.say(`${environment} keeps its state in ${locationOf(backend)}: there is nothing to create.`);
    return { environment, properties: [] };
  }
  const { bucket, region } = backend;
  const s3 = new S3Client({ region, ...defined({ profile }) });
  try {
    const steps = await inspect(s3, backend);
    await ports.say(`State bucket of ${environment}: ${bucket}`);
    for (const step of steps) await ports.say(line(step, step.holds ? "as it should be" : "missing"));
    const found = { environment, bucket };
    if (steps.every(({ holds }) => holds)) return { ...found, properties: propertiesOf(steps, "missing") };
    if (dryRun) {
      await ports.say("Nothing was changed (--dry-run).");
      return { ...found, properties: propertiesOf(steps, "missing") };
    }
    if (!(await ports.agree())) throw new CommandError("Nothing was changed.", "");
    await establish(steps, backend, (step) => ports.say(line(step, "done")));
    return { ...found, properties: propertiesOf(steps, "done") };
  } finally {
    s3.destroy();
  }
}

function backendOf(environment: string) {
  try {
    const settings = readConfiguration(environments).environments.get(environment);
    if (settings !== undefined) return settings.backend;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new CommandError(error.message, "");
  }
  throw new Error(`There is no environment ${environment}.`);
}

function propertiesOf(steps: readonly Step[], others: Property["state"]): readonly Property[] {
  return steps.map(({ name, holds }) => ({ name, state: holds ? "ok" : others }));
}

function line({ name, purpose }: Step, state: string): string {
  return `  ${name.padEnd(14)} ${state.padEnd(16)} ${purpose}`;
}
