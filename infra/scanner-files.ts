import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Resources, type ScannerException, scannerExceptions } from "./scanner-exceptions.ts";

/** A resource for which a finding is excepted. */
interface Excepted {
  readonly type: string;
  readonly name: string;
  readonly exception: ScannerException;
}

/** What of the list speaks of a stack: each resource that does not have what a scanner asks for. */
export function exceptedIn(resources: Resources): Excepted[] {
  return scannerExceptions.flatMap((exception) =>
    Object.entries(resources[exception.type] ?? {})
      .filter(([, resource]) => !exception.complies(resource, resources))
      .map(([name]) => ({ type: exception.type, name, exception })),
  );
}

/** Writes them beside a synthesised stack; one that was written as HCL has none. */
export async function writeScannerFiles(directory: string): Promise<void> {
  const text = await readFile(join(directory, "cdk.tf.json"), "utf8").catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    },
  );
  if (text === undefined) return;
  const { resource } = JSON.parse(text) as { readonly resource: Resources };
  for (const [name, content] of Object.entries(scannerFiles(resource)))
    await writeFile(join(directory, name), content);
}

/**
 * The exceptions of a stack, by the names of the files that scanners read. In JSON there are no comments, so that
 * nothing in `cdk.tf.json` itself is read: docs/deploy.md#what-scanners-find
 */
export function scannerFiles(resources: Resources): Readonly<Record<string, string>> {
  const excepted = exceptedIn(resources);
  return {
    ".checkov.baseline": json({ failed_checks: [{ file: "/cdk.tf.json", findings: forCheckov(excepted) }] }),
    ".trivyignore.yaml": forTrivy(excepted),
    "kics.config": json({ "exclude-queries": idsOf(excepted, "kics") }),
  };
}

/**
 * By resource and check. Checkov's scan of Terraform JSON calls a resource `resource.<name>` in the checks that are
 * written in Python, and by its address in the others and in plans: both are there.
 * https://github.com/bridgecrewio/checkov/blob/main/checkov/common/output/baseline.py
 */
function forCheckov(excepted: readonly Excepted[]) {
  return excepted.flatMap(({ type, name, exception: { checks, because } }) =>
    checks.checkov === undefined
      ? []
      : [`${type}.${name}`, `resource.${name}`].map((resource) => ({
          resource,
          check_ids: checks.checkov,
          because,
        })),
  );
}

/** By check, with its reason; newer versions leave out the `AVD-`. https://trivy.dev/latest/docs/configuration/filtering/#trivyignoreyaml */
function forTrivy(excepted: readonly Excepted[]): string {
  const entries = new Map<string, string>();
  for (const { exception } of excepted)
    for (const id of exception.checks.trivy ?? [])
      for (const name of [id, id.replace(/^AVD-/, "")]) entries.set(name, exception.because);
  const lines = [...entries].map(
    ([id, because]) => `  - id: ${id}\n    statement: ${JSON.stringify(because)}\n`,
  );
  return `misconfigurations:\n${lines.join("")}`;
}

function idsOf(excepted: readonly Excepted[], scanner: keyof ScannerException["checks"]): string[] {
  return [...new Set(excepted.flatMap(({ exception }) => exception.checks[scanner] ?? []))];
}

function json(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
