import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { interpolate } from "../../../terraform/expression.ts";
import { terraform } from "../../../terraform/terraform.ts";
import { awkwardValues, stackOfDocuments, writtenDocuments } from "../../support/json-documents.ts";
import {
  removeDirectory,
  type Terraform,
  temporaryDirectory,
  terraformOrSkip,
} from "../../support/terraform.ts";

const SLOW_MS = 120_000; // a process for each command

let directory: string;
let found: Terraform | undefined;

beforeAll(async () => {
  directory = await temporaryDirectory();
  found = await terraformOrSkip(directory);
}, SLOW_MS);

afterAll(() => removeDirectory(directory), SLOW_MS);

test.each<[string, string, () => string]>([
  ["JSON", "main.tf.json", () => JSON.stringify(stackOfDocuments(awkwardValues).toTerraform())],
  ["HCL", "main.tf", () => String(stackOfDocuments(awkwardValues).toHclTerraform()["hcl"])],
])(
  "Terraform reads documents from %s as they were meant, and the local run reads the same bytes",
  async (_, file, synthesised) => {
    if (!found) return;
    const folder = join(directory, file);
    await mkdir(folder);
    await writeFile(join(folder, file), synthesised());

    for (const command of [["init"], ["apply", "-auto-approve"]]) {
      expect(await terraform(found, folder, [...command, "-no-color"])).toMatchObject({
        code: 0,
        stderr: "",
      });
    }
    const { stdout } = await terraform(found, folder, ["output", "-json"]);

    const outputs = JSON.parse(stdout) as Record<string, { value: string }>;
    const documents = awkwardValues.map((_value, i) => outputs[`output${i}`]?.value ?? "");
    expect(documents.map((document) => JSON.parse(document))).toEqual(awkwardValues);
    expect(writtenDocuments(awkwardValues).map((text) => interpolate(text, () => "nothing"))).toEqual(
      documents,
    );
  },
  SLOW_MS,
);
