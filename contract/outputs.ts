import { type HttpSource, httpSources } from "./sources/index.ts";

/**
 * The stack's Terraform outputs, declared once: `infra/` writes them, the local run resolves them, and the
 * operator's command finds everything of an environment by them.
 */
const outputNames = {
  environment: "environment",
  region: "region",
  /** What the names in this environment begin with: alarms, functions, dashboard. */
  namePrefix: "name_prefix",
  queueUrl: "queue_url",
  deadLetterQueueUrl: "dead_letter_queue_url",
  overflowBucket: "overflow_bucket",
  receiverFunction: "receiver_function",
  processorFunction: "processor_function",
  recoveryFunction: "recovery_function",
  stateTable: "state_table",
  /** The UUID of the processor's event source mapping. */
  eventSourceMapping: "event_source_mapping",
} as const;

/** Only where the environment has it. */
const optionalNames = {
  /** Where alarms are said. A stack of an earlier version does not tell it. */
  alarmTopic: "alarm_topic",
  /** The bus that Genesys' partner source is associated with. */
  eventBus: "event_bus",
  /** What secrets are encrypted with: the environment's key, or SSM's own alias. Older stacks do not say. */
  secretsKey: "secrets_key",
  /** What the custom domain's DNS record has to point to, and the zone of that. */
  domainTarget: "domain_target",
  domainHostedZone: "domain_hosted_zone_id",
} as const;

const SECRET_PARAMETERS = "secret_parameters";

type Texts = Readonly<Record<keyof typeof outputNames, string>> &
  Readonly<Partial<Record<keyof typeof optionalNames, string>>>;

export interface StackOutputs extends Texts {
  /** Where each enabled source posts to. */
  readonly urls: Readonly<Partial<Record<HttpSource, string>>>;
  /** Names in the parameter store, by {@link secretKey}, {@link DESTINATION_SECRET} and {@link DESTINATION_SIGNING}. */
  readonly secretParameters: Readonly<Record<string, string>>;
}

/** What the destination's credentials are called among `secretParameters`. */
export const DESTINATION_SECRET = "destination";

/** What the secret that signs deliveries is called among them. It has the shape of a source's. */
export const DESTINATION_SIGNING = "destination-signing";

/** What a source's secret, or one of its integrations', is called among `secretParameters`. */
export function secretKey(source: HttpSource, integration: string): string {
  return integration === "" ? source : `${source}/${integration}`;
}

const textNames = Object.entries({ ...outputNames, ...optionalNames }) as [keyof Texts, string][];

/** `open-messaging` → `open_messaging_url` */
function urlName(source: string): string {
  return `${source.replaceAll("-", "_")}_url`;
}

/** As Terraform names them. */
export function toTerraformOutputs(
  outputs: StackOutputs,
): Record<string, string | Readonly<Record<string, string>>> {
  const urls = Object.entries(outputs.urls).map(([source, url]) => [urlName(source), url] as const);
  const texts = textNames.flatMap(([key, name]) => {
    const value = outputs[key];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(urls),
    ...Object.fromEntries(texts),
    [SECRET_PARAMETERS]: outputs.secretParameters,
  };
}

/**
 * Outputs as Terraform gave them.
 *
 * @throws {Error} naming those that are missing: another version of the stack, or another stack
 */
export function fromTerraformOutputs(values: Readonly<Record<string, unknown>>): StackOutputs {
  const missing = [...Object.values(outputNames), SECRET_PARAMETERS].filter((name) => !isThere(values[name]));
  if (missing.length > 0) throw new Error(`The outputs lack ${missing.join(", ")}.`);
  const texts = textNames.map(([key, name]) => [key, values[name]] as const);
  const urls = httpSources.map((source) => [source, values[urlName(source)]] as const);
  return {
    ...(Object.fromEntries(texts.filter(([, value]) => isThere(value))) as Texts),
    urls: Object.fromEntries(urls.filter(([, url]) => isThere(url))),
    secretParameters: values[SECRET_PARAMETERS] as StackOutputs["secretParameters"],
  };
}

function isThere(value: unknown): boolean {
  return (typeof value === "string" && value !== "") || (typeof value === "object" && value !== null);
}
