import { userInfo } from "node:os";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { Environment } from "../../cli/environment/environment.ts";

/** As whom AWS knows whoever has started the console, and who that is on this machine where it does not say. */
export async function readOperator({ kind, clients }: Environment): Promise<string> {
  const here = `${userInfo().username} on this machine`;
  if (kind === "local") return here;
  const sts = await clients.sts();
  return sts.send(new GetCallerIdentityCommand({})).then(
    ({ Arn: arn }) => arn ?? here,
    () => here,
  );
}
