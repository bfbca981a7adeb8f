import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { accountOf } from "../../aws/queue-url.ts";
import type { Check } from "../check.ts";
import { resultsOf } from "../check-result.ts";

const { ok, failure } = resultsOf("credentials");

/** Whether AWS knows who is asking, and whether that is in the environment's account. */
export const credentials: Check = {
  name: "credentials",
  async run({
    environment: {
      clients,
      outputs,
      account: { region },
      title,
    },
  }) {
    const sts = await clients.sts();
    const { Account: account = "", Arn: arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
    const theirs = accountOf(outputs.queueUrl);
    if (account === theirs) return [ok(`${arn}, in ${region}`)];
    return [
      failure(
        `These are ${arn}, of account ${account}; ${title} is in account ${theirs}.`,
        "Name a profile of that account with --profile.",
      ),
    ];
  },
};
