import { blockOf, listOf, numberOf, type Resource, type Snapshot } from "../snapshot.ts";
import { goesOff, type Held, listedSafeguard, onOff, type Safeguard } from "./safeguard.ts";

const FUNCTION = "aws_lambda_function";
/** What holds events or what is known about them; by what a variable names it. */
const STORES = ["aws_sqs_queue", "aws_s3_bucket", "aws_dynamodb_table"];
const STORE_NAMES = ["bucket", "name"];

const functionOf = (snapshot: Snapshot, value: unknown) =>
  snapshot.resourceOf(value, [FUNCTION], ["function_name"]);

const mappings: Safeguard = listedSafeguard({
  held: (snapshot) =>
    snapshot.all("aws_lambda_event_source_mapping").flatMap(({ address, values }): Held[] => {
      const key = `${snapshot.text(values["event_source_arn"])} → ${functionOf(snapshot, values["function_name"])}`;
      const filters = snapshot.text(values["filter_criteria"]);
      const responses = listOf(values["function_response_types"]).map(String);
      return [
        { key: `mapping ${key}`, address },
        { key: `mapping ${key} is enabled`, address, level: onOff(values["enabled"] !== false) },
        {
          key: `ReportBatchItemFailures of ${key}`,
          address,
          level: onOff(responses.includes("ReportBatchItemFailures")),
        },
        { key: `events that ${key} takes`, address, level: filters === "" ? "all" : filters },
      ];
    }),
  isWorse: (was, is) => (was === "on" || was === "off" ? goesOff(was, is) : is !== "all"),
  lost: "events: without ReportBatchItemFailures a whole batch counts as delivered where one event is, a filter deletes what it does not take, and what is not consumed is deleted at the end of its retention",
  remedy: "Keep the mapping as it is; deliveries are paused with the command breaker open.",
});

const functions: Safeguard = listedSafeguard({
  held: (snapshot) =>
    snapshot.all(FUNCTION).flatMap((one): Held[] => {
      const { address, values } = one;
      const name = `function ${values["function_name"]}`;
      const reserved = numberOf(values["reserved_concurrent_executions"]) ?? -1;
      return [
        { key: name, address },
        // 0 is none at all, -1 no limit.
        { key: `${name} may run`, address, level: onOff(reserved !== 0) },
        { key: `network of ${name}`, address, level: networkOf(values["vpc_config"]) },
        ...storesOf(name, one, snapshot),
      ];
    }),
  isWorse: (was, is) => (was === "on" || was === "off" ? goesOff(was, is) : was !== is),
  lost: "events that it would take in, deliver or bring back",
  remedy:
    "Keep the function, where it stores events, and what it may run. In another network, see first that it reaches AWS from there: docs/deploy.md#in-a-vpc.",
});

/** `Lambda's own`, or subnets and security groups. */
function networkOf(configuration: unknown): string {
  const { subnet_ids: subnets, security_group_ids: groups } = blockOf(configuration);
  const ids = [...listOf(subnets), ...listOf(groups)].map(String).sort();
  return ids.length === 0 ? "Lambda's own" : ids.join(", ");
}

/** Where a function stores events and what it knows of them, by the variable that says so. */
function storesOf(name: string, { address, values }: Resource, snapshot: Snapshot): Held[] {
  const variables = blockOf(values["environment"])["variables"];
  return Object.entries(blockOf(variables)).flatMap(([variable, value]) => {
    if (typeof value !== "string") return [];
    const store = snapshot.resourceOf(value, STORES, STORE_NAMES);
    const isStore = STORES.some((type) => store.startsWith(`${type}.`));
    return isStore || /_(QUEUE|BUCKET|TABLE)(_URL)?$|^QUEUE_URL$/.test(variable)
      ? [{ key: `${variable} of ${name}`, address, level: store }]
      : [];
  });
}

/** Without it, Lambda ends a chain of queue and function after 16 rounds, and an event's patience with it. */
const recursion: Safeguard = listedSafeguard({
  held: (snapshot) =>
    snapshot
      .all("aws_lambda_function_recursion_config")
      .filter(({ values }) => values["recursive_loop"] === "Allow")
      .map(({ address, values }) => ({
        key: `loops of ${functionOf(snapshot, values["function_name"])}`,
        address,
      })),
  lost: "events that are sent anew for the 16th time: Lambda ends the chain",
  remedy: "Keep recursive_loop = Allow: what bounds the chain is maxReceiveCount and recovery.maxRedrives.",
});

/** More pollers than the function may run: what is polled and not run is counted as received, up to the dead-letter queue. */
const concurrency: Safeguard = listedSafeguard({
  held: (snapshot) =>
    snapshot.all("aws_lambda_event_source_mapping").flatMap(({ values }): Held[] => {
      const address = functionOf(snapshot, values["function_name"]);
      const reserved = numberOf(snapshot.get(address)?.values["reserved_concurrent_executions"]) ?? -1;
      const most = numberOf(blockOf(values["scaling_config"])["maximum_concurrency"]) ?? 1_000;
      return [
        {
          key: `${address} runs all that its mapping polls`,
          address,
          level: onOff(reserved < 0 || reserved >= most),
        },
      ];
    }),
  isWorse: goesOff,
  lost: "attempts: what is polled and cannot run is received for nothing, and is a dead letter before it was tried",
  remedy: "Set processor.maximumConcurrency to what is reserved at most.",
  absenceLoses: false,
});

export const functionSafeguards: readonly Safeguard[] = [mappings, functions, recursion, concurrency];
