import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defined } from "../../../contract/defined.ts";
import { fromTerraformOutputs } from "../../../contract/outputs.ts";
import type { EnvironmentInput } from "../../../infra/settings.ts";
import { stackDirectory, synthesise } from "../../../terraform/synthesise.ts";
import { changesOf } from "../changes-of.ts";
import type { Cloud } from "../cloud.ts";
import { copyStack, genesysDlqOf } from "../project.ts";
import { requireEqual } from "../require.ts";
import { accessKeyFor } from "../roles/rehearsed-roles.ts";
import type { Outcome, Runner } from "../run.ts";
import type { SynthesisedStack } from "../stack.ts";
import { makeSurroundings } from "../surroundings.ts";
import { Contents, type Stores } from "./contents.ts";
import { LIVED } from "./lived.ts";

export interface LivingConfig {
  /** A copy of the project, whose environments are written anew for each change. */
  readonly project: string;
  /** A folder of this part's own. */
  readonly directory: string;
  readonly terraform: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cloud: Cloud;
  readonly runner: Runner;
  readonly say: (line: string) => void;
}

/** What the review said of a change. */
export interface Reviewed {
  readonly code: number;
  /** The report, or why there is none. */
  readonly text: string;
}

/** An environment in an emulator, in use, and the steps by which a change comes to it. */
export class Living {
  readonly say: (line: string) => void;
  readonly contents: Contents;
  readonly cloud: Cloud;
  /** Everything that was synthesised, in its order. */
  readonly stacks: SynthesisedStack[] = [];
  readonly #config: LivingConfig;
  readonly #stack: string;

  constructor(config: LivingConfig) {
    this.#config = config;
    this.#stack = join(config.directory, "stack");
    this.cloud = config.cloud;
    this.say = config.say;
    this.contents = new Contents(config.cloud);
  }

  /**
   * Writes settings into the project and synthesises its stack.
   *
   * @throws {CommandError} where they are not usable together
   */
  async synthesise(settings: EnvironmentInput): Promise<void> {
    const { project, runner } = this.#config;
    const text = `export const environments = ${JSON.stringify({ [LIVED]: settings }, null, 2)};\n`;
    await writeFile(join(project, "infra", "environments.ts"), text);
    await runner.step("synthesise", (interrupted) => synthesise({ checkout: project, interrupted }));
    const directory = stackDirectory(LIVED, project);
    const stack = JSON.parse(await readFile(join(directory, "cdk.tf.json"), "utf8")) as SynthesisedStack;
    this.stacks.push(stack);
    await mkdir(this.#stack, { recursive: true });
    await copyStack({ directory, stack, region: settings.region }, this.#stack);
    await makeSurroundings(stack, this.cloud);
  }

  /** The review that a pipeline asks, of the stack that was synthesised last. */
  async review(): Promise<Reviewed> {
    const { project, directory } = this.#config;
    const out = join(directory, "review", "plan.md");
    const { code, stderr } = await this.#run("npm run plan", {
      ...genesysDlqOf(project, ["plan", LIVED, "--stack-dir", this.#stack, "--out", out]),
      codes: [0, 1, 2, 3, 4],
      accessKey: accessKeyFor(["plan"]),
    });
    return { code, text: `${await readFile(out, "utf8").catch(() => "")}\n${stderr}` };
  }

  /**
   * @param refresh whether to look again first; what was reviewed a moment ago has been looked at
   * @returns what Terraform said, line by line, of what it did in which order
   */
  async apply(refresh = true): Promise<string> {
    const args = ["apply", "-auto-approve", "-no-color", `-refresh=${refresh}`];
    return (await this.terraform("terraform apply", args)).stdout;
  }

  /** @throws {Error} with what would change */
  async requireEmptyPlan(title: string): Promise<void> {
    const { code, stdout } = await this.plan(title);
    requireEqual(title, { changes: ["none", code === 0 ? "none" : changesOf(stdout)] });
  }

  /** Code 2 where there is something to do. */
  plan(title: string): Promise<Outcome> {
    return this.terraform(title, ["plan", "-detailed-exitcode", "-no-color"], [0, 2]);
  }

  /** Where the deployment keeps things. */
  async stores(): Promise<Stores> {
    const { stdout } = await this.terraform("terraform output", ["output", "-json"]);
    const outputs = JSON.parse(stdout) as Record<string, { readonly value: unknown }>;
    await writeFile(this.#outputsFile, stdout);
    const { queueUrl, deadLetterQueueUrl, overflowBucket, secretParameters } = fromTerraformOutputs(
      Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value])),
    );
    const secrets = Object.values(secretParameters);
    return { queueUrl, deadLetterQueueUrl, bucket: overflowBucket, secrets };
  }

  /** The operator's command, with the outputs that {@link stores} has read. */
  operate(args: readonly string[], codes: readonly number[]): Promise<Outcome> {
    const { project } = this.#config;
    const line = [...args, "--outputs", this.#outputsFile, "--json"];
    return this.#run(`genesys-dlq ${args.join(" ")}`, { ...genesysDlqOf(project, line), codes });
  }

  terraform(title: string, args: readonly string[], codes: readonly number[] = [0]): Promise<Outcome> {
    const { terraform: command } = this.#config;
    return this.#run(title, { command, args, codes, directory: this.#stack, accessKey: accessKeyFor(args) });
  }

  get #outputsFile(): string {
    return join(this.#config.directory, "outputs.json");
  }

  #run(
    title: string,
    {
      accessKey,
      ...command
    }: {
      readonly command: string;
      readonly args: readonly string[];
      readonly codes: readonly number[];
      readonly directory?: string;
      /** Of a role of the pipeline; by default the operator's. */
      readonly accessKey?: string;
    },
  ): Promise<Outcome> {
    const { project, runner } = this.#config;
    const env = { ...this.#config.env, ...defined({ AWS_ACCESS_KEY_ID: accessKey }) };
    return runner.run({ title, directory: project, env, ...command });
  }
}
