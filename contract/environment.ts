import type * as z from "zod/mini";
import type { variables } from "./variables/index.ts";
import type { Variable } from "./variables/variable.ts";

/** Names of environment variables and types of what they hold. The declarations: `contract/variables/`. */
type Variables = typeof variables;

export const functionNames = ["receiver", "processor", "recovery"] as const satisfies (keyof Variables)[];

export type FunctionName = keyof Variables & string;

type Table = Readonly<Record<string, Variable>>;

export type SchemasOf<V extends Table> = { [K in keyof V]: V[K]["schema"] };

/** The values that variables hold. */
export type ValuesOf<V extends Table> = Readonly<z.output<z.ZodMiniObject<SchemasOf<V>>>>;

/** What function `F` knows of its surroundings. */
export type FunctionSettings<F extends FunctionName> = ValuesOf<Variables[F]>;

/** What the constructs have to give function `F`: everything that does not follow from the settings. */
export type StackValues<F extends FunctionName> = {
  readonly [K in keyof Variables[F] as Variables[F][K] extends FromSettings ? never : K]: ValueOf<
    Variables[F][K]
  >;
};

type FromSettings = { readonly from: unknown };
type ValueOf<V> = V extends { readonly schema: infer S extends z.ZodMiniType } ? z.output<S> : never;

/** The name of the variable that holds one of a function's values; the compiler checks that it has such a value. */
export function variableOf<F extends FunctionName>(_function: F, key: keyof Variables[F] & string): string {
  return variableName(key);
}

/** `queueUrl` → `QUEUE_URL` */
export function variableName(key: string): string {
  return key.replaceAll(/[A-Z]/g, "_$&").toUpperCase();
}
