/** A value as DynamoDB's wire has it: `{"S": "text"}`. */
export type AttributeValue = Readonly<Record<string, unknown>>;
export type DynamoItem = Readonly<Record<string, AttributeValue>>;

/** Of a list or a map, and of each of its members. */
const CONTAINER_BYTES = 3;
const MEMBER_BYTES = 1;

const textBytes = (text: unknown) => Buffer.byteLength(String(text));
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const membersBytes = (values: readonly unknown[]) =>
  sum(values.map((value) => MEMBER_BYTES + valueBytes(value as AttributeValue)));

/** By the rules of the DynamoDB Developer Guide, "DynamoDB item sizes and formats". */
const bytesByType: Readonly<Record<string, (value: never) => number>> = {
  S: textBytes,
  // Two digits a byte, and one byte more.
  N: (value: string) => Math.ceil(value.replaceAll(/[-.]/g, "").length / 2) + 1,
  B: (value: string) => Buffer.from(value, "base64").length,
  BOOL: () => 1,
  NULL: () => 1,
  SS: (values: readonly string[]) => sum(values.map(textBytes)),
  NS: (values: readonly string[]) => sum(values.map((N) => valueBytes({ N }))),
  L: (values: readonly unknown[]) => CONTAINER_BYTES + membersBytes(values),
  M: (values: DynamoItem) => CONTAINER_BYTES + membersBytes(Object.values(values)) + namesBytes(values),
};

const namesBytes = (item: DynamoItem) => sum(Object.keys(item).map(textBytes));

/** @throws where DynamoDB has no such type */
export function valueBytes(value: AttributeValue): number {
  const [[type, held] = []] = Object.entries(value);
  const bytes = bytesByType[type ?? ""];
  if (bytes === undefined) throw new Error(`The size of a ${type} is not known here.`);
  return bytes(held as never);
}

export function itemBytes(item: DynamoItem): number {
  return namesBytes(item) + sum(Object.values(item).map(valueBytes));
}

/**
 * Bytes of the attributes' names in an expression or a statement: its words, each once, those with `#` and `:`
 * left out, for they stand in maps of their own. Keywords are among the words, so that it is rather too much.
 */
export function wordsBytes(expression: string): number {
  return sum([...new Set(expression.match(/(?<![#:\w])[A-Za-z_]\w*/g))].map(textBytes));
}
