import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { genesysDlq } from "./project.ts";
import { requireEqual } from "./require.ts";
import type { Outcome, Runner } from "./run.ts";

/** What the command's `doctor` prints with `--json`, as far as it is read here. */
interface Diagnosis {
  readonly findings: readonly { readonly check: string; readonly state: string; readonly found: string }[];
}

/**
 * The person on call, with the command and a deployment's outputs. Whether the API answers and recovery runs is
 * left out: the emulator has no gateway, and its schedule calls nothing.
 */
export class Operator {
  readonly #outputs: string;
  readonly #directory: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #runner: Runner;

  private constructor(
    outputs: string,
    directory: string,
    env: Readonly<Record<string, string>>,
    runner: Runner,
  ) {
    this.#outputs = outputs;
    this.#directory = directory;
    this.#env = env;
    this.#runner = runner;
  }

  /** @param outputs what `terraform output -json` printed */
  static async with(
    outputs: Outcome,
    directory: string,
    env: Readonly<Record<string, string>>,
    runner: Runner,
  ): Promise<Operator> {
    const file = join(directory, "outputs.json");
    await writeFile(file, outputs.stdout);
    return new Operator(file, directory, env, runner);
  }

  /** What was deployed a minute ago is well, but for the secrets, which a person has yet to set. */
  async findsNewDeployment(): Promise<void> {
    const states = await this.#doctor();
    requireEqual("genesys-dlq doctor", {
      ...Object.fromEntries(WELL.map((check) => [check, ["ok", states.get(check)]])),
      "secrets to be set": [
        true,
        [...states].some(([check, state]) => /^secret of /.test(check) && state === "failure"),
      ],
    });
  }

  /** Somebody has disabled the mapping, and it was not the breaker. */
  async findsDisabledMapping(): Promise<void> {
    const states = await this.#doctor();
    requireEqual("genesys-dlq doctor, mapping disabled", {
      deliveries: ["failure", states.get("deliveries")],
    });
  }

  /** The state of each check, by its name. */
  async #doctor(): Promise<ReadonlyMap<string, string>> {
    const { stdout } = await this.#runner.run({
      title: "genesys-dlq doctor",
      ...genesysDlq(["doctor", "--outputs", this.#outputs, "--json"]),
      directory: this.#directory,
      env: this.#env,
      codes: [0, 1, 3],
    });
    const { findings } = JSON.parse(stdout) as Diagnosis;
    return new Map(findings.map(({ check, state }) => [check, state]));
  }
}

const WELL = [
  "outputs",
  "credentials",
  "receiver function",
  "processor function",
  "recovery function",
  "queue",
  "deliveries",
  "dead letters",
  "overflow bucket",
  "alarms",
];
