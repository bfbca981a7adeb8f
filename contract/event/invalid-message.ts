/**
 * 400, but because of the queue, the caller or the rate: the next message would fare no better.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
 */
const NOT_ABOUT_THE_MESSAGE =
  /QueueDoesNotExist|NonExistentQueue|InvalidAddress|Denied|NotAuthorized|Unauthorized|UnrecognizedClient|Token|AccessKey|Signature|Credential|Security|OptInRequired|Expired|Throttl|OverLimit|^Kms|^KMS/;

/**
 * Whether SQS has refused the message itself: asking again would change nothing, another message may well go
 * through. It says so under several names, of which nobody has a list; hence the status, and the names of
 * what else has it.
 */
export function isInvalidMessage(error: unknown): boolean {
  const { name = "", $metadata: metadata } = (error ?? {}) as {
    readonly name?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return metadata?.httpStatusCode === 400 && speaksOfTheMessage(name);
}

/** Whether an error's name or code can be about the message, and not about queue, caller or rate. */
export function speaksOfTheMessage(name: string): boolean {
  return !NOT_ABOUT_THE_MESSAGE.test(name.replace(/^.*[.#]/, ""));
}
