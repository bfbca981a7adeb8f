import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { jsonDocument } from "../../infra/json.ts";

/** A stack of outputs alone, `output0` and so on, each a JSON document. */
export function stackOfDocuments(values: readonly unknown[]): TerraformStack {
  const outdir = mkdtempSync(join(tmpdir(), "documents-"));
  const stack = new TerraformStack(new App({ outdir }), "documents");
  rmSync(outdir, { recursive: true }); // an app makes its folder at once, and this one writes nothing
  values.forEach((value, i) => {
    new TerraformOutput(stack, `output${i}`, { value: jsonDocument(value) });
  });
  return stack;
}

/** The documents as they stand in `cdk.tf.json`. */
export function writtenDocuments(values: readonly unknown[]): string[] {
  const { output } = stackOfDocuments(values).toTerraform() as { output: Record<string, { value: string }> };
  return values.map((_, i) => output[`output${i}`]?.value ?? "");
}

/** What is hard to write down in somebody else's syntax. */
export const awkwardValues: readonly unknown[] = [
  'quotes " and \\ backslashes \\" \\\\ \\n',
  '"in quotes"',
  '"',
  "\\",
  "lines\nand\r\ntabs\t, \b, \f, \u0000 and \u007f",
  "$5 %5 {} $ %",
  "é, ü, 😀, \uffff, \u2028 and \u2029",
  "<a href='x'>&amp;</a>",
  "",
  { "a key": { 'with "quotes"': 1 }, "10": "ten", "9": "nine", é: 1, Z: 2, a: 3 },
  [[], {}, [true, false, 0, -1, 1.5]],
];
