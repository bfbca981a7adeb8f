import { readFile } from "node:fs/promises";
import { StackError } from "../stack-error.ts";
import type { RawResource } from "./resource.ts";

/** `cdk.tf.json`, taken apart. */
export interface SynthesisedStack {
  /** The environment's name. */
  readonly name: string;
  readonly region: string;
  readonly resources: readonly RawResource[];
  /** Values by name, with their references as they stand there. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error(`There is no file ${file}.`, { cause: error });
  }
}

type Json = Record<string, unknown>;

const SECTIONS = new Set(["provider", "resource", "output"]);
/** Sections with nothing to run in them. */
const SECTIONS_WITHOUT_EFFECT = new Set(["//", "terraform"]);

/**
 * Reads a stack as cdktf wrote it.
 *
 * @throws {StackError} naming the section or resource that a local run knows nothing of
 */
export async function readStack(file: string): Promise<SynthesisedStack> {
  const json = object(JSON.parse(await readText(file)));
  for (const section of Object.keys(json)) {
    if (SECTIONS_WITHOUT_EFFECT.has(section) || SECTIONS.has(section)) continue;
    const names = Object.entries(object(json[section])).flatMap(([type, value]) =>
      Object.keys(object(value)).map((name) => `${section}.${type}.${name}`),
    );
    throw new StackError(names[0] ?? section, `the local run does not know what "${section}" means`);
  }
  return {
    name: String(object(object(json["//"])["metadata"])["stackName"] ?? ""),
    region: regionOf(json),
    resources: resourcesOf(object(json["resource"])),
    outputs: Object.fromEntries(
      Object.entries(object(json["output"])).map(([name, output]) => [name, object(output)["value"]]),
    ),
  };
}

function resourcesOf(types: Json): RawResource[] {
  return Object.entries(types).flatMap(([type, named]) =>
    Object.entries(object(named)).map(([name, attributes]) => {
      const metadata = object(object(object(attributes)["//"])["metadata"]);
      return {
        type,
        address: `${type}.${name}`,
        constructPath: String(metadata["path"] ?? "no construct path"),
        attributes: object(attributes),
      };
    }),
  );
}

function regionOf(json: Json): string {
  const providers = Object.keys(object(json["provider"])).filter((name) => name !== "aws");
  if (providers[0] !== undefined) {
    throw new StackError(`provider.${providers[0]}`, "the local run knows the aws provider only");
  }
  const aws = object(json["provider"])["aws"];
  const [provider, second] = (Array.isArray(aws) ? aws : [aws]) as unknown[];
  if (second !== undefined) throw new StackError("provider.aws", "the local run knows one region only");
  const { region } = object(provider);
  if (typeof region !== "string") throw new StackError("provider.aws", "has no region");
  return region;
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}
