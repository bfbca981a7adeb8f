import * as z from "zod/mini";
import { LARGEST_MESSAGE_BYTES, maxMessageBytesOf } from "../contract/message-size.ts";
import { describeFinding, type Finding, valueAt } from "./finding.ts";
import { findings } from "./rules.ts";
import { findingsBetween } from "./rules-between.ts";
import { type EnvironmentInput, type EnvironmentSettings, environmentSchema } from "./settings.ts";
import { type EnabledSource, enabledSources } from "./sources.ts";

z.config(z.locales.en()); // what a shape finds wrong, in words

/** A configuration that must not be synthesised: every finding, one a line. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly findings: readonly string[];

  constructor(findings: readonly string[]) {
    super(`The configuration (infra/environments.ts) is not usable:\n  ${findings.join("\n  ")}`);
    this.findings = findings;
  }
}

export interface Configuration {
  readonly environments: ReadonlyMap<string, EnvironmentSettings>;
  /** What is allowed, but should not go unnoticed. */
  readonly warnings: readonly string[];
}

/**
 * Reads and checks all environments.
 *
 * @throws {ConfigurationError} with the findings of all of them
 */
export function readConfiguration(inputs: Readonly<Record<string, EnvironmentInput>>): Configuration {
  const environments = new Map<string, EnvironmentSettings>();
  const wrong: string[] = [];
  for (const [environment, input] of Object.entries(inputs)) {
    const parsed = environmentSchema.safeParse(input);
    const found = parsed.success
      ? findings(parsed.data, environment)
      : allFindings(
          input,
          parsed.error.issues.flatMap((issue) => toFindings(issue, input)),
          environment,
        );
    wrong.push(...found.map((finding) => describeFinding(environment, finding)));
    if (parsed.success) environments.set(environment, parsed.data);
  }
  wrong.push(...findingsBetween(environments));
  if (wrong.length > 0) throw new ConfigurationError(wrong);
  return {
    environments,
    warnings: together([...environments].flatMap(([name, settings]) => warningsOf(name, settings))),
  };
}

/** Stands in for a required setting that is wrong itself, while the rules look at the others. */
const STAND_INS: EnvironmentInput = {
  region: "eu-west-1",
  backend: { kind: "local", path: "stand-in" },
  sources: {},
  destination: { kind: "handlers" },
};

/** What is wrong in its shape, and what the rules find in the rest: one run of synth shows both. */
function allFindings(input: EnvironmentInput, shape: readonly Finding[], environment: string): Finding[] {
  const rest = structuredClone(input);
  for (const { path } of shape) {
    const owner = valueAt(rest, path.slice(0, -1));
    if (typeof owner === "object" && owner !== null) Reflect.deleteProperty(owner, path.at(-1) ?? "");
  }
  const parsed = environmentSchema.safeParse({ ...STAND_INS, ...rest });
  if (!parsed.success) return [...shape];
  const known = shape.map(({ path }) => path[0]);
  const inTheRest = findings(parsed.data, environment).filter(
    ({ path, value }) => !known.includes(path[0]) || same(valueAt(input, path), value),
  );
  return [...shape, ...inTheRest];
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function toFindings(issue: z.core.$ZodIssue, input: unknown): Finding[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...path, key],
      value: valueAt(input, [...path, key]),
      message: "there is no such setting: see contract/settings/",
    }));
  }
  return [{ path, value: valueAt(input, path), message: issue.message }];
}

/** What the functions call; Lambda itself writes their logs, whatever their network. */
const SERVICES_FROM_VPC = ["SQS", "S3", "DynamoDB", "SSM", "Lambda"];

interface Warning {
  readonly where: string;
  readonly message: string;
}

function warningsOf(environment: string, settings: EnvironmentSettings): Warning[] {
  return [
    ...ofSources(environment, settings),
    ...ofSmallQueue(environment, settings),
    ...ofVpc(environment, settings),
  ];
}

function ofVpc(environment: string, { vpc }: EnvironmentSettings): Warning[] {
  if (vpc === undefined) return [];
  const where = `${environment}.vpc`;
  const one = vpc.subnetIds.length === 1;
  return [
    {
      where,
      message: `the functions reach ${SERVICES_FROM_VPC.join(", ")} and the destination from there only through a NAT gateway or endpoints (docs/deploy.md#in-a-vpc)`,
    },
    ...(one
      ? [{ where: `${where}.subnetIds`, message: "one subnet: its availability zone stops all functions" }]
      : []),
  ];
}

function ofSmallQueue(environment: string, settings: EnvironmentSettings): Warning[] {
  const bytes = maxMessageBytesOf(settings);
  if (settings.sources.eventbridge === undefined || bytes >= LARGEST_MESSAGE_BYTES) return [];
  const message = `${bytes} — EventBridge takes events of up to ${LARGEST_MESSAGE_BYTES} bytes, and those that fit neither queue are gone; an alarm says so`;
  return [{ where: `${environment}.queue.maxMessageBytes`, message }];
}

function ofSources(environment: string, settings: EnvironmentSettings): Warning[] {
  return enabledSources(settings).flatMap((source) => {
    const { definition, authentication, dedupePath } = source;
    const where = [environment, "sources", definition.source].join(".");
    const open = [...authentication].filter(([, { kind }]) => kind === "none");
    return [
      ...open.map(([integration]) => ({
        where: integration === "" ? where : `${where}.${integration}`,
        message: 'authentication is "none": anybody who knows the URL can send events',
      })),
      ...(definition.ownId || dedupePath !== undefined ? [] : [{ where, message: withoutId(source) }]),
    ];
  });
}

/** One line for what holds in several places. */
function together(warnings: readonly Warning[]): string[] {
  const places = new Map<string, string[]>();
  for (const { where, message } of warnings) places.set(message, [...(places.get(message) ?? []), where]);
  return [...places].map(([message, where]) => `${where.join(", ")}: ${message}`);
}

function withoutId({ retrySpanSeconds }: EnabledSource): string {
  const rule =
    retrySpanSeconds === undefined
      ? "each request is an event of its own, and is delivered as one"
      : `the same bytes within ${retrySpanSeconds} s are one event, and later another`;
  return `its events have no id of their own and there is no dedupePath: ${rule}`;
}
