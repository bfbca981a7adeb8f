/** `https://sqs.eu-west-1.amazonaws.com/123456789012/name` → `name` */
export function queueNameOf(queueUrl: string): string {
  return queueUrl.slice(queueUrl.lastIndexOf("/") + 1);
}

/** `https://sqs.eu-west-1.amazonaws.com/123456789012/name` → `123456789012` */
export function accountOf(queueUrl: string): string {
  return new URL(queueUrl).pathname.split("/")[1] ?? "";
}
