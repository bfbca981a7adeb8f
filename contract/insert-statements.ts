import type { AttributeValue, BatchStatementRequest, BatchStatementResponse } from "@aws-sdk/client-dynamodb";

/**
 * PartiQL's INSERT, several of which make one call of DynamoDB's `BatchExecuteStatement`: how the processor writes them, and
 * how the local run and the simulation read them.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.insert.html
 */

/** Statements of one call, at most. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html */
export const MAX_STATEMENTS = 25;

type Item = Readonly<Record<string, AttributeValue>>;

/** A statement that inserts an item: `INSERT INTO "table" VALUE {'name': ?, …}`. */
export interface Insertion {
  readonly table: string;
  readonly item: Item;
}

/** Writes an item on condition that there is none with its key. */
export function insertion({ table, item }: Insertion): BatchStatementRequest {
  const members = Object.keys(item).map((name) => `'${name}': ?`);
  return {
    Statement: `INSERT INTO "${table}" VALUE {${members.join(", ")}}`,
    Parameters: Object.values(item),
  };
}

/** What DynamoDB refuses the whole call for, as a `ValidationException`. */
export class StatementError extends Error {}

/** @throws {StatementError} */
export function readInsertions(statements: readonly BatchStatementRequest[] | undefined): Insertion[] {
  if (statements === undefined || statements.length === 0 || statements.length > MAX_STATEMENTS)
    throw new StatementError(
      `A batch has 1 to ${MAX_STATEMENTS} statements, not ${statements?.length ?? 0}.`,
    );
  return statements.map(readInsertion);
}

const INSERT = /^INSERT INTO "(?<table>[\w.-]+)" VALUE \{(?<members>.*)\}$/;
const MEMBER = /^'([^']+)': \?$/;

function readInsertion({
  Statement: statement = "",
  Parameters: parameters = [],
}: BatchStatementRequest): Insertion {
  const { table, members = "" } = INSERT.exec(statement)?.groups ?? {};
  const names = members.split(", ").map((member) => MEMBER.exec(member)?.[1]);
  if (table === undefined || names.includes(undefined))
    throw new StatementError(`This statement is not understood here: ${statement}`);
  if (names.length !== parameters.length)
    throw new StatementError(`There are ${names.length} places, and ${parameters.length} parameters.`);
  return { table, item: Object.fromEntries(names.map((name, at) => [name, parameters[at]])) as Item };
}

/** What a table says of an insertion that has met an item with the same key. */
export function duplicate(table: string): BatchStatementResponse {
  return {
    Error: { Code: "DuplicateItem", Message: "Duplicate primary key exists in table" },
    TableName: table,
  };
}
