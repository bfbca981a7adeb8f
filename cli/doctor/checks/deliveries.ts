import { GetEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { type BreakerStatus, readBreaker, successShare } from "../../breaker/status.ts";
import { ageOf, howItGoes, lastProbe, whenProbed } from "../../breaker/words.ts";
import type { Check } from "../check.ts";
import { resultsOf } from "../check-result.ts";
import { isFatedType } from "../samples.ts";
import { commandFor, duration, remedyIn } from "../words.ts";

const { ok, failure, warning } = resultsOf("deliveries");

/** Whether the queue is consumed; and if not, who holds it back and why. */
export const deliveries: Check = {
  name: "deliveries",
  async run({ environment, now }) {
    const { clients, outputs } = environment;
    const lambda = await clients.lambda();
    const [breaker, { LastProcessingResult: result = "" }] = await Promise.all([
      readBreaker(environment, now()),
      lambda.send(new GetEventSourceMappingCommand({ UUID: outputs.eventSourceMapping })),
    ]);
    const { status, by, since, reason, mapping, mappingReason = "", held } = breaker;
    const why = reason === "" ? "" : `: ${reason.replace(/\.$/, "")}`;
    const probe = lastProbe(breaker);
    const next = whenProbed(breaker, now());
    const consuming = mapping === "Enabled" || mapping === "Enabling" || mapping === "Updating";
    if (status === "open") {
      return by === "operator"
        ? [
            warning(
              `A person opened the breaker at ${since}${why}. Events wait in the queue.`,
              `Once the reason is gone: ${commandFor(environment, "breaker close")}`,
            ),
          ]
        : [
            failure(
              [
                `The breaker is open since ${since}${why}. Events wait in the queue${waits(breaker, now())}.`,
                ...(probe === undefined ? [] : [`The last probe ${probe}`]),
                ...(next === undefined ? [] : [`The next probe is ${next}.`]),
              ].join(" "),
              breaker.refusedWith === undefined
                ? "Bring the destination back: recovery closes the breaker when it takes an event."
                : "See why it refuses all alike. Recovery closes the breaker when it takes an event.",
            ),
          ];
    }
    if (!consuming) {
      return held
        ? [
            warning(
              `The breaker is ${status}, and the event source mapping still ${mapping}.`,
              "Recovery enables it within a minute; if it does not, look at recovery.",
            ),
          ]
        : [
            failure(
              `The event source mapping is ${mapping}, and not by the breaker: nobody enables it again.`,
              remedyIn(
                environment,
                `aws lambda update-event-source-mapping --enabled --uuid ${outputs.eventSourceMapping}`,
                "Enable it where it was disabled, or start the local run again with --fresh.",
              ),
            ),
          ];
    }
    if (status === "half-open") {
      return [
        warning(
          `The breaker is half-open since ${since}: the next event tells whether the destination is well.`,
          "Wait a minute, and look again.",
        ),
      ];
    }
    const problem = [result, mappingReason].find((text) => text.startsWith("PROBLEM"));
    if (problem !== undefined) {
      return [
        failure(
          `The queue is not read: ${problem}`,
          remedyIn(
            environment,
            "Look at the processor's role and the queue's policy: npm run plan shows what differs from the stack.",
          ),
        ),
      ];
    }
    // What failed and has been delivered since is well. What was refused is a dead letter, and stays one.
    const isWaiting = ageOf(breaker, now()) !== undefined;
    const bad = breaker.types.filter(
      (type) =>
        successShare(type) < 0.5 &&
        (isWaiting || type.succeeded === 0 || type.refused > 0) &&
        !isFatedType(environment, type.type),
    );
    if (bad.length > 0) {
      const others = breaker.types.filter((type) => !bad.includes(type));
      return [
        warning(
          `Some events fail${waits(breaker, now())}. Lately: ${[...bad, ...others].slice(0, MOST_TYPES).map(howItGoes).join("; ")}.`,
          `See with what reason: ${commandFor(environment, "dlq stats")}`,
        ),
      ];
    }
    return [ok(`mapping ${mapping}, breaker closed`)];
  },
};

/** Types that fit into a finding. */
const MOST_TYPES = 5;

function waits(breaker: BreakerStatus, now: number): string {
  const age = ageOf(breaker, now);
  return age === undefined ? "" : `, the oldest for ${duration(age)}`;
}
