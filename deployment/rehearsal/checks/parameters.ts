import { GetParameterCommand, type Parameter } from "@aws-sdk/client-ssm";
import type { AskedResource, AskedStack } from "../asked.ts";
import type { Cloud } from "../cloud.ts";
import { compare, type Finding } from "../finding.ts";

/** Every parameter: encrypted, and holding the placeholder that the stack creates it with. */
export async function checkParameters(asked: AskedStack, { ssm }: Cloud): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const it of asked.ofType("aws_ssm_parameter")) {
    const Name = String(it.attributes["name"]);
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
    findings.push(...compareParameter(it, Parameter ?? {}));
  }
  return findings;
}

/** The value is compared and not shown: a table ends in logs, and one day this may read a real account. */
export function compareParameter(asked: AskedResource, found: Parameter): Finding[] {
  const given = asked.attributes;
  const value = given["value_wo"] ?? given["value"] ?? given["insecure_value"];
  return compare(asked.address, {
    type: [given["type"], found.Type],
    "holds the placeholder": [true, found.Value !== undefined && found.Value === value],
  });
}
