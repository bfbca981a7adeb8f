import type { Command } from "commander";
import type { GenesysClient } from "../../genesys/client.ts";
import type { Named, Resource } from "../../genesys/resources/resource.ts";
import type { Session } from "./session.ts";

/** What every kind is named by. */
export interface NameOptions {
  readonly name?: string;
  readonly id?: string;
  readonly dryRun?: boolean;
}

/** What the commands of one kind of thing have of their own; list, create, update and delete are made of it. */
export interface Group<Options, Wanted extends { readonly name: string }, Thing extends Named> {
  readonly command: string;
  readonly description: string;
  readonly resource: (client: GenesysClient) => Resource<Wanted, Thing>;
  /** Adds the options that say how it is to be. */
  readonly options: (command: Command) => Command;
  /** How it is to be; what is not said stays as in `existing`, where there is one. */
  readonly wanted: (session: Session, options: Options & NameOptions, existing?: Thing) => Promise<Wanted>;
  /** What a person and a script are told of one: nothing secret. */
  readonly show: (thing: Thing, client: GenesysClient) => Promise<Readonly<Record<string, unknown>>>;
  /** Columns of the list, beside name and id. */
  readonly columns: Readonly<Record<string, (thing: Thing) => string | undefined>>;
  /** Whether Genesys has a secret of it, which it does not show: an update sends it whatever else differs. */
  readonly hasSecret: boolean;
  /** What is left to say when it is as wanted. */
  readonly advice?: string;
  readonly examples: { readonly create: readonly string[]; readonly update?: readonly string[] };
}
