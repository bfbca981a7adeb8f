import type { Item } from "./dynamodb-expression.ts";

/**
 * Bytes of an item, as capacity counts them: names and values; a number takes about a byte for two digits.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Item | undefined): number {
  let bytes = 0;
  for (const [name, { S, N, B, ...other }] of Object.entries(item ?? {})) {
    bytes += Buffer.byteLength(name);
    if (S !== undefined) bytes += Buffer.byteLength(S);
    else if (N !== undefined) bytes += Math.ceil(N.length / 2) + 1;
    else if (B !== undefined) bytes += B.byteLength;
    else bytes += Buffer.byteLength(JSON.stringify(other));
  }
  return bytes;
}
