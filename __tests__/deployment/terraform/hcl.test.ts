import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { useKnownRuntime } from "../../../deployment/rehearsal/known-runtime.ts";
import { terraform } from "../../../terraform/terraform.ts";
import { type KeptProvider, keepProvider } from "../../support/provider.ts";
import { copyRepository, REPOSITORY, synth } from "../../support/repository.ts";
import { guardedInput } from "../../support/synthesise.ts";
import {
  copyForPlan,
  removeDirectory,
  type Terraform,
  temporaryDirectory,
  terraformOrSkip,
} from "../../support/terraform.ts";

const SLOW_MS = 600_000; // the CLI, and the provider's plug-in anew for each command

/** The parts of `terraform show -json` that say what a plan would do, and from what. */
interface Plan {
  readonly planned_values: unknown;
  readonly resource_changes: readonly { readonly address: string; readonly change: unknown }[];
  readonly configuration: { readonly root_module: { readonly resources: readonly Configured[] } };
}
interface Configured {
  readonly address: string;
  readonly expressions: unknown;
  readonly depends_on?: readonly string[];
}

let directory: string;
let repository: string;
let found: Terraform | undefined;
let provider: KeptProvider | undefined;

beforeAll(async () => {
  directory = await temporaryDirectory();
  found = await terraformOrSkip(directory);
  if (!found) return;
  repository = join(directory, "repository");
  await copyRepository(repository);
  // Terraform asks nobody here which account this is, so that it could be none of those allowed.
  const environments = JSON.stringify({ full: { ...guardedInput, allowedAccountIds: [] } });
  await writeFile(
    join(repository, "infra", "environments.ts"),
    `export const environments = ${environments};`,
  );
  await useKnownRuntime(repository, found.provider);
}, SLOW_MS);

afterAll(async () => {
  await provider?.stop();
  await removeDirectory(directory);
}, SLOW_MS);

test(
  "cdktf synth --hcl: Terraform takes it without a warning, and plans the same as from JSON",
  async () => {
    if (!found) return;
    await promisify(execFile)("cdktf", ["synth", "--hcl", "--output", join(directory, "hcl")], {
      cwd: repository,
      env: { ...process.env, ...found.env, PATH: installedFirst(), NODE_OPTIONS: "", CI: "true" },
    });
    await synth(repository, join(directory, "json"));

    const [hcl, json] = [await initialise(found, "hcl"), await initialise(found, "json")];
    provider = await keepProvider(found, hcl);
    const fromHcl = await plan(provider.terraform, hcl);
    const fromJson = await plan(provider.terraform, json);

    expect(fromHcl.planned_values).toEqual(fromJson.planned_values);
    expect(fromHcl.resource_changes).toEqual(fromJson.resource_changes);
    expect(references(fromHcl)).toEqual(references(fromJson));
    expect(fromJson.resource_changes.length).toBeGreaterThan(40);
  },
  SLOW_MS,
);

/** As npm has it: the CLI, and the Node that the CLI runs the app with, are those that npm has installed. */
function installedFirst(): string {
  return [join(REPOSITORY, "node_modules", ".bin"), process.env["PATH"]].join(delimiter);
}

/** Where the stack that is synthesised in `language` can be planned. */
async function initialise(using: Terraform, language: string): Promise<string> {
  const stack = join(directory, `${language}-plan`);
  await copyForPlan(join(directory, language, "stacks", "full"), stack);
  const init = await terraform(using, stack, ["init", "-no-color"]);
  expect(init).toMatchObject({ code: 0, stderr: "" });
  return stack;
}

async function plan(using: Terraform, stack: string): Promise<Plan> {
  const validation = await terraform(using, stack, ["validate", "-json"]);
  expect(JSON.parse(validation.stdout)).toMatchObject({ valid: true, warning_count: 0, diagnostics: [] });
  const planned = await terraform(using, stack, ["plan", "-no-color", "-refresh=false", "-out", "plan"]);
  expect(planned).toMatchObject({ code: 0, stderr: "" });
  return JSON.parse((await terraform(using, stack, ["show", "-json", "plan"])).stdout) as Plan;
}

/**
 * What each resource names, attribute by attribute: values that only an apply would tell. Constants are among
 * the planned values; of a JSON file Terraform counts each text as one, references and all.
 */
function references({ configuration }: Plan): unknown {
  const named = configuration.root_module.resources.map(({ address, expressions, depends_on = [] }) => [
    address,
    [expressions, depends_on],
  ]);
  return JSON.parse(
    JSON.stringify(Object.fromEntries(named), (key, value) => {
      if (key === "constant_value") return undefined;
      return key === "references" ? [...value].sort() : value;
    }),
  );
}
