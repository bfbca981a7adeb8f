import { billedUnits } from "./billed-units.ts";

const dynamo = (operation: string) => `DynamoDB_20120810.${operation}`;
/** An item of so many bytes. */
const item = (bytes: number) => ({ id: { S: "x".repeat(bytes - 2) } });

describe("what a call is billed as", () => {
  test.each([
    ["a message", "AmazonSQS.SendMessage", { MessageBody: "x" }, { sqsRequest: 1 }],
    ["a message of 64 KB", "AmazonSQS.SendMessage", { MessageBody: "x".repeat(65_536) }, { sqsRequest: 1 }],
    ["a byte more", "AmazonSQS.SendMessage", { MessageBody: "x".repeat(65_537) }, { sqsRequest: 2 }],
    [
      "characters of several bytes",
      "AmazonSQS.SendMessage",
      { MessageBody: "é".repeat(40_000) },
      { sqsRequest: 2 },
    ],
    [
      "attributes, which count too",
      "AmazonSQS.SendMessage",
      { MessageBody: "x".repeat(65_530), MessageAttributes: { reason: { StringValue: "timeout" } } },
      { sqsRequest: 2 },
    ],
    [
      "ten messages of 10 KB in one call",
      "AmazonSQS.SendMessageBatch",
      { Entries: Array.from({ length: 10 }, () => ({ MessageBody: "x".repeat(10_000) })) },
      { sqsRequest: 2 },
    ],
    ["a deletion", "AmazonSQS.DeleteMessage", {}, { sqsRequest: 1 }],
    ["a parameter", "AmazonSSM.GetParameter", {}, {}],
    ["an item of 1 KB", dynamo("PutItem"), { Item: item(1_024) }, { dynamodbWrite: 1 }],
    ["an item of a byte more", dynamo("PutItem"), { Item: item(1_025) }, { dynamodbWrite: 2 }],
    [
      "an update, by its key and values",
      dynamo("UpdateItem"),
      {
        Key: { id: { S: "x".repeat(1_010) } },
        UpdateExpression: "SET held_until = :lock",
        ExpressionAttributeValues: { ":lock": { N: "1795705367756" } },
      },
      { dynamodbWrite: 2 },
    ],
    [
      "items written together",
      dynamo("BatchWriteItem"),
      {
        RequestItems: { state: [{ PutRequest: { Item: item(10) } }, { PutRequest: { Item: item(1_500) } }] },
      },
      { dynamodbWrite: 3 },
    ],
    [
      "a transaction, which writes twice",
      dynamo("TransactWriteItems"),
      { TransactItems: [{ Put: { Item: item(10) } }, { Update: { Key: item(10) } }] },
      { dynamodbWrite: 4 },
    ],
    [
      "statements, each by itself",
      dynamo("BatchExecuteStatement"),
      {
        Statements: [
          { Statement: `INSERT INTO "state" VALUE {'id': ?}`, Parameters: [{ S: "x" }] },
          { Statement: `INSERT INTO "state" VALUE {'id': ?}`, Parameters: [{ S: "x".repeat(1_024) }] },
          { Statement: `SELECT * FROM "state" WHERE "id" = ?`, Parameters: [{ S: "x" }] },
        ],
      },
      { dynamodbWrite: 3, dynamodbRead: 0.5 },
    ],
    ["a read", dynamo("GetItem"), { Key: item(10) }, { dynamodbRead: 0.5 }],
    ["a consistent read", dynamo("GetItem"), { Key: item(10), ConsistentRead: true }, { dynamodbRead: 1 }],
    [
      "items read together",
      dynamo("BatchGetItem"),
      { RequestItems: { state: { Keys: [item(10), item(11)], ConsistentRead: true } } },
      { dynamodbRead: 2 },
    ],
  ])("%s", (_, target, input, units) => {
    expect(billedUnits(target, input)).toEqual(units);
  });

  test("a call that nobody has thought of is an error", () => {
    expect(() => billedUnits("AmazonSQS.PurgeQueue", {})).toThrow("What AmazonSQS.PurgeQueue costs");
  });

  test("an item's size is that of names and values of every type", () => {
    const held = {
      S: { S: "é" }, // 1 + 2
      N: { N: "-12.345" }, // 1 + 4
      B: { B: Buffer.from("abc").toString("base64") }, // 1 + 3
      T: { BOOL: true }, // 1 + 1
      L: { L: [{ S: "ab" }, { NULL: true }] }, // 1 + 3 + 1 + 2 + 1 + 1
      M: { M: { k: { SS: ["a", "b"] } } }, // 1 + 3 + 1 + 1 + 2
    };
    const padding = 1_024 - (3 + 5 + 4 + 2 + 9 + 8) - 1;
    const sized = (bytes: number) => ({ Item: { ...held, p: { S: "x".repeat(bytes) } } });
    expect(billedUnits(dynamo("PutItem"), sized(padding))).toEqual({ dynamodbWrite: 1 });
    expect(billedUnits(dynamo("PutItem"), sized(padding + 1))).toEqual({ dynamodbWrite: 2 });
  });
});
