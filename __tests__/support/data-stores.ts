import type { Synthesised } from "./synthesise.ts";

/** The types that hold something which nobody can make again. */
const DATA_TYPES = [
  "aws_sqs_queue",
  "aws_s3_bucket",
  "aws_dynamodb_table",
  "aws_ssm_parameter",
  "aws_apigatewayv2_api",
];

/**
 * The addresses of what holds data, and what would be gone with each. Terraform knows a resource by its
 * address: under another one it is a new resource, and the old one is destroyed, `prevent_destroy` included.
 *
 * Log groups are not among them: they tell what happened, and no event depends on them.
 */
const stores: Readonly<Record<string, string>> = {
  "aws_sqs_queue.queues_main": "every event that waits to be delivered",
  "aws_sqs_queue.queues_dead_letter": "every dead letter",
  "aws_s3_bucket.overflow": "every spilled event, and every event too big for the queue",
  "aws_dynamodb_table.state":
    "the memory of what has been delivered, so that duplicates go through, and the breaker",
  "aws_apigatewayv2_api.api": "the URL that Genesys Cloud posts to, until a person tells it the new one",
  "aws_ssm_parameter.processor_destination_secret":
    "the destination's credentials, so that nothing is delivered until a person puts them in again",
};
const DESTINATION_SIGNING = "aws_ssm_parameter.processor_destination_signing";
const SOURCE_SECRETS = "aws_ssm_parameter.receiver_secrets_";
const SOURCE_SECRET =
  "a source's secret, so that its events are refused with 401 until a person puts it in again";

/**
 * What a deployment of the stack would destroy, one sentence for each store that is not where it belongs, and
 * for each that nobody has written down here.
 *
 * @param secrets what follows `receiver_secrets_` in the addresses of the sources' secrets
 */
export function movedStores(
  stack: Synthesised,
  secrets: readonly string[],
  without: readonly string[] = [],
): string[] {
  const expected = new Map([
    ...Object.entries(stores),
    ...secrets.map((secret): [string, string] => [`${SOURCE_SECRETS}${secret}`, SOURCE_SECRET]),
  ]);
  if (stack.resources("aws_ssm_parameter")["processor_destination_signing"] !== undefined)
    expected.set(DESTINATION_SIGNING, "the secret that signs deliveries");
  for (const address of without) expected.delete(address);
  const found = DATA_TYPES.flatMap((type) => Object.keys(stack.resources(type)).map((id) => `${type}.${id}`));
  return [
    ...[...expected]
      .filter(([address]) => !found.includes(address))
      .map(
        ([address, data]) =>
          `${address} is gone: to deploy this is to destroy it, and with it ${data}. Keep its construct's id, or take it along with moveFromId().`,
      ),
    ...found
      .filter((address) => !expected.has(address))
      .map((address) => `${address} holds data and is not written down in __tests__/support/data-stores.ts.`),
  ];
}
