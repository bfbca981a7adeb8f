import { isInvalidMessage } from "../../../contract/event/invalid-message.ts";

function answer(name: string, httpStatusCode = 400): Error {
  return Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });
}

test.each([
  "InvalidMessageContents",
  "InvalidParameterValue",
  "InvalidParameterValueException",
  "com.amazonaws.sqs#InvalidAttributeValue",
  "BatchRequestTooLong",
  "SomethingNew",
])("%s is about the message", (name) => {
  expect(isInvalidMessage(answer(name))).toBe(true);
  expect(isInvalidMessage(answer(name, 500))).toBe(false);
});

test.each([
  "QueueDoesNotExist",
  "AWS.SimpleQueueService.NonExistentQueue",
  "InvalidAddress",
  "AccessDeniedException",
  "NotAuthorized",
  "UnrecognizedClientException",
  "InvalidClientTokenId",
  "ExpiredTokenException",
  "IncompleteSignature",
  "RequestThrottled",
  "ThrottlingException",
  "OverLimit",
  "KmsDisabled",
  "com.amazonaws.sqs#KmsThrottled",
  "com.amazonaws.sqs#KmsNotFound",
  "InvalidSecurity",
  "RequestExpired",
  "OptInRequired",
])("%s would meet another message too", (name) => {
  expect(isInvalidMessage(answer(name))).toBe(false);
});

test.each([undefined, null, "text", new Error("connection reset")])(
  "what SQS has not answered is no refusal",
  (error) => {
    expect(isInvalidMessage(error)).toBe(false);
  },
);
