import { GetEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { readBreaker } from "../../breaker/status.ts";
import type { Check } from "../check.ts";
import { resultsOf } from "../check-result.ts";
import { commandFor } from "../words.ts";

const { ok, failure, warning } = resultsOf("deliveries");

/** Whether the queue is consumed; and if not, who holds it back and why. */
export const deliveries: Check = {
  name: "deliveries",
  async run({ environment }) {
    const { clients, outputs, kind } = environment;
    const lambda = await clients.lambda();
    const [breaker, { LastProcessingResult: result = "" }] = await Promise.all([
      readBreaker(environment),
      lambda.send(new GetEventSourceMappingCommand({ UUID: outputs.eventSourceMapping })),
    ]);
    const { status, by, since, reason, mapping, held, nextProbeAt } = breaker;
    const why = reason === "" ? "" : `: ${reason}`;
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
              `The breaker is open since ${since}${why}. Events wait in the queue${
                nextProbeAt === undefined ? "" : `; the next probe is due at ${nextProbeAt}`
              }.`,
              "Bring the destination back: recovery closes the breaker by itself.",
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
              kind === "local"
                ? "Enable it, or start the local run again."
                : `aws lambda update-event-source-mapping --enabled --uuid ${outputs.eventSourceMapping}`,
            ),
          ];
    }
    if (status === "half-open") {
      return [
        warning(
          `The breaker is half-open since ${since}: one event at a time tells whether the destination is well.`,
          "Wait a minute, and look again.",
        ),
      ];
    }
    if (result.startsWith("PROBLEM")) {
      return [
        failure(
          `The queue is not read: ${result}`,
          "Look at the processor's role and the queue's policy: npm run plan shows what differs from the stack.",
        ),
      ];
    }
    return [ok(`mapping ${mapping}, breaker closed`)];
  },
};
