/**
 * SQS has answered, and does not want this request as it is: asking again would change nothing, another
 * message may well go through. It says so in several ways when a message is too long, hence the status.
 */
export function isRefusal(error: unknown): boolean {
  const metadata = (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata;
  return metadata?.httpStatusCode === 400;
}
