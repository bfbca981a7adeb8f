import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { SPILL_PREFIX } from "../../../contract/overflow.ts";
import { counted } from "../../counted.ts";
import type { Check } from "../check.ts";
import { resultsOf } from "../check-result.ts";
import { duration, logOf } from "../words.ts";

const { ok, failure, warning } = resultsOf("overflow bucket");

/** Recovery takes spilled events up within minutes. */
const STUCK_SECONDS = 600;

/** Whether events lie in the bucket that no queue took. */
export const overflow: Check = {
  name: "overflow bucket",
  async run({ environment, now }) {
    const { clients, outputs } = environment;
    const s3 = await clients.s3();
    const { Contents: objects = [], IsTruncated: more } = await s3.send(
      new ListObjectsV2Command({ Bucket: outputs.overflowBucket, Prefix: SPILL_PREFIX }),
    );
    if (objects.length === 0) return [ok("nothing spilled")];
    const oldest = Math.min(...objects.map(({ LastModified }) => LastModified?.getTime() ?? now()));
    const age = (now() - oldest) / 1_000;
    const found = `${more ? "More than " : ""}${counted(objects.length, "spilled event")}, the oldest for ${duration(age)}`;
    return [
      age < STUCK_SECONDS
        ? warning(
            `${found}.`,
            "Recovery puts them on the queue when it takes messages again: look again in a minute.",
          )
        : failure(
            `${found}: recovery does not get them onto the queue.`,
            `See why in its log: ${logOf(environment, outputs.recoveryFunction)}`,
          ),
    ];
  },
};
