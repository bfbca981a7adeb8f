import { DescribeParametersCommand, type ParameterMetadata } from "@aws-sdk/client-ssm";
import { SSM_OWN_KEY } from "../../contract/secret.ts";
import type { AwsClients } from "../aws/clients.ts";

/** What is known of a parameter beside its value; nothing where there is none. */
export async function describeParameter(
  clients: AwsClients,
  name: string,
): Promise<ParameterMetadata | undefined> {
  const ssm = await clients.ssm();
  const filter = { Key: "Name", Option: "Equals", Values: [name] };
  const { Parameters: [found] = [] } = await ssm.send(
    new DescribeParametersCommand({ ParameterFilters: [filter] }),
  );
  return found;
}

/** Whether a parameter is encrypted with a key, which SSM tells by its ARN, its id or an alias. */
export function isEncryptedWith({ KeyId = SSM_OWN_KEY }: ParameterMetadata, key: string): boolean {
  return KeyId === key || key.endsWith(`:key/${KeyId}`);
}
