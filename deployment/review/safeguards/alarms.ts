import { blockOf, blocksOf, listOf, numberOf, type Resource, type Snapshot } from "../snapshot.ts";
import { goesOff, type Held, listedSafeguard, onOff, type Safeguard } from "./safeguard.ts";

const REMEDY =
  "Keep it, or say why nobody has to be told. Who is told is changed in two steps: the new first, the old once the new has confirmed.";
const UNHEARD = "no event yet: nobody is told when events are about to be lost";
/** A team tunes its thresholds; ten times as much is no tuning. */
const TOO_MUCH = 10;

const alarms: Safeguard = listedSafeguard({
  held: (snapshot) =>
    snapshot.all("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm").flatMap((alarm): Held[] => {
      const { address, values } = alarm;
      const key = `alarm ${values["alarm_name"]}`;
      return [
        { key, address },
        { key: `${key} tells somebody`, address, level: onOff(values["actions_enabled"] !== false) },
        ...listOf(values["alarm_actions"]).map((arn) => ({
          key: `${key} tells ${snapshot.text(arn)}`,
          address,
        })),
        ...(values["treat_missing_data"] === "breaching"
          ? [{ key: `${key} goes off where nothing is measured`, address, level: "on" }]
          : [{ key: `${key} goes off where nothing is measured`, address, level: "off" }]),
      ];
    }),
  isWorse: goesOff,
  lost: UNHEARD,
  remedy: REMEDY,
});

/** When it goes off: sooner is safer. */
const thresholds: Safeguard = listedSafeguard({
  held: (snapshot) =>
    snapshot.all("aws_cloudwatch_metric_alarm").flatMap(({ address, values }): Held[] => {
      const key = `alarm ${values["alarm_name"]}`;
      const threshold = numberOf(values["threshold"]);
      const points = numberOf(values["datapoints_to_alarm"]) || numberOf(values["evaluation_periods"]) || 1;
      return [
        ...(threshold === undefined ? [] : [{ key: `threshold of ${key}`, address, level: threshold }]),
        { key: `minutes until ${key}`, address, level: (points * periodOf(values)) / 60 },
        { key: `comparison of ${key}`, address, level: String(values["comparison_operator"]) },
      ];
    }),
  isWorse: (was, is) => {
    if (typeof was !== "number" || typeof is !== "number") return was !== is;
    // Nothing was let through, and 1 is: the least step that there is.
    return was === 0 ? is > 1 : is / was > TOO_MUCH;
  },
  lost: UNHEARD,
  remedy: REMEDY,
  absenceLoses: false, // the alarm's own is told
});

function periodOf(values: Resource["values"]): number {
  const periods = blocksOf(values["metric_query"]).flatMap(
    (query) => numberOf(blockOf(query["metric"])["period"]) ?? [],
  );
  return Math.max(60, numberOf(values["period"]) ?? 0, ...periods);
}

const NUMBER = /(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi;

/** What it looks at. Nobody can compute whether another expression still goes off: that is for a person to see. */
const signals: Safeguard = listedSafeguard({
  held: (snapshot) => [
    ...snapshot.all("aws_cloudwatch_metric_alarm").map(({ address, values }) => ({
      key: `what alarm ${values["alarm_name"]} looks at`,
      address,
      level: signalOf(values, snapshot),
    })),
    ...snapshot.all("aws_cloudwatch_composite_alarm").map(({ address, values }) => ({
      key: `what alarm ${values["alarm_name"]} looks at`,
      address,
      level: snapshot.text(values["alarm_rule"]),
    })),
  ],
  // A retention that is a divisor may be another number: not a factor of nothing.
  isWorse: (was, is) => !sameButForNumbers(String(was), String(is)),
  lost: UNHEARD,
  remedy: "See whether it still goes off when it has to.",
  absenceLoses: false,
});

/** What a dimension names, by a name or an id. */
const MEASURED = ["aws_apigatewayv2_api", "aws_sqs_queue", "aws_lambda_function", "aws_dynamodb_table"];

function signalOf(values: Resource["values"], snapshot: Snapshot): string {
  const metric = (one: Resource["values"]) =>
    [
      one["namespace"],
      one["metric_name"],
      one["stat"] || one["statistic"] || one["extended_statistic"],
      ...Object.entries(blockOf(one["dimensions"]))
        .map(
          ([name, value]) =>
            `${name}=${snapshot.resourceOf(value, MEASURED, ["id", "name", "function_name"])}`,
        )
        .sort(),
    ]
      .map(String)
      .join(" ");
  const queries = blocksOf(values["metric_query"]);
  if (queries.length === 0) return metric(values);
  return queries
    .map((query) => {
      const expression = String(query["expression"] ?? "");
      return `${query["id"]}: ${expression === "" ? metric(blockOf(query["metric"])) : expression}${query["return_data"] === true ? " (returned)" : ""}`;
    })
    .sort()
    .join("; ");
}

function sameButForNumbers(was: string, is: string): boolean {
  if (was.replaceAll(NUMBER, "#") !== is.replaceAll(NUMBER, "#")) return false;
  const [old, young] = [was, is].map((text) => (text.match(NUMBER) ?? []).map(Number)) as [
    number[],
    number[],
  ];
  return old.every((number, i) => {
    const now = young[i] ?? Number.NaN;
    return number === now || (number > 0 && now > 0 && Math.max(number / now, now / number) <= TOO_MUCH);
  });
}

const topics: Safeguard = listedSafeguard({
  held: (snapshot) => [
    ...snapshot
      .all("aws_sns_topic")
      .map(({ address, values }) => ({ key: `topic ${values["name"]}`, address })),
    ...snapshot.all("aws_sns_topic_subscription").flatMap(({ address, values }) => {
      const key = `${values["protocol"]} to ${values["endpoint"]} from ${snapshot.resourceOf(values["topic_arn"], ["aws_sns_topic"])}`;
      const filter = [values["filter_policy"], values["filter_policy_scope"]].map((value) =>
        snapshot.text(value),
      );
      return [
        { key, address },
        { key: `what ${key} is told`, address, level: filter[0] === "" ? "all" : filter.join(" ") },
      ];
    }),
  ],
  isWorse: (was, is) => was !== is && is !== "all",
  lost: UNHEARD,
  remedy: REMEDY,
  lostMeanwhile: "alarms of the moment between; a person has to confirm a subscription that is made anew",
});

export const alarmSafeguards: readonly Safeguard[] = [alarms, thresholds, signals, topics];
