import type { Command } from "commander";
import { CommandError, UsageError } from "../../../contract/command-error.ts";
import { oneLine } from "../../../contract/plain-text.ts";
import { ask } from "../../ask.ts";
import { withExamples } from "../../examples.ts";
import { adjust, deleteIfThere, ensure, findByName } from "../../genesys/ensure.ts";
import type { Named, Resource } from "../../genesys/resources/resource.ts";
import type { Group, NameOptions } from "./kind.ts";
import { report } from "./report.ts";
import { genesysAct, type Session } from "./session.ts";

/** Adds `genesys <kind> list | create | update | delete`. */
export function addGroup<Options, Wanted extends { readonly name: string }, Thing extends Named>(
  genesys: Command,
  group: Group<Options, Wanted, Thing>,
): void {
  const { command: name, examples } = group;
  const commands = withExamples(
    genesys.command(name).description(group.description),
    `genesys-dlq genesys ${name} list`,
    ...examples.create.slice(0, 1),
  );
  const list = commands
    .command("list")
    .description("lists all of them")
    .action(genesysAct<object>((session) => listAll(group, session)));
  withExamples(list, `genesys-dlq genesys ${name} list`, `genesys-dlq genesys ${name} list --json`);

  const create = group
    .options(
      commands
        .command("create")
        .description("creates it, or changes it where it differs; never a second one"),
    )
    .option("--name <name>", "its name in Genesys (default: as the environment's own names begin)")
    .option("--dry-run", "say what would be done, and do nothing")
    .action(genesysAct<Options & NameOptions>((session, options) => createOne(group, session, options)));
  withExamples(create, ...examples.create);

  const update = group
    .options(
      commands
        .command("update")
        .description(`changes one that is there${group.hasSecret ? ", and sends it its secret again" : ""}`),
    )
    .option("--name <name>", "its name in Genesys; with --id, the new one")
    .option("--id <id>", "its id in Genesys, in place of its name")
    .option("--dry-run", "say what would be done, and do nothing")
    .action(genesysAct<Options & NameOptions>((session, options) => updateOne(group, session, options)));
  withExamples(update, ...(examples.update ?? [`genesys-dlq genesys ${name} update --name NAME --dry-run`]));

  const remove = commands
    .command("delete")
    .description("deletes one")
    .option("--name <name>", "its name in Genesys")
    .option("--id <id>", "its id in Genesys, in place of its name")
    .option("--dry-run", "say what would be deleted, and delete nothing")
    .action(genesysAct<NameOptions>((session, options) => deleteOne(group, session, options)));
  withExamples(
    remove,
    `genesys-dlq genesys ${name} delete --name NAME`,
    `genesys-dlq genesys ${name} delete --id ID --yes`,
  );
}

async function listAll<O, W extends { readonly name: string }, T extends Named>(
  { resource, columns, show }: Group<O, W, T>,
  session: Session,
): Promise<void> {
  const client = await session.client();
  const { list, noun } = resource(client);
  const things = await list();
  const documents = await Promise.all(things.map((thing) => show(thing, client)));
  await session.result(documents, () =>
    things.length === 0
      ? `There is no ${noun}.`
      : session.context.output.table(
          ["NAME", "ID", ...Object.keys(columns)],
          things.map((thing) => [
            oneLine(thing.name),
            thing.id,
            ...Object.values(columns).map((column) => oneLine(column(thing) ?? "-")),
          ]),
          { keep: ["ID"] },
        ),
  );
}

async function createOne<O, W extends { readonly name: string }, T extends Named>(
  group: Group<O, W, T>,
  session: Session,
  options: O & NameOptions,
): Promise<void> {
  const client = await session.client();
  const wanted = await group.wanted(session, options);
  const ensured = await ensure(group.resource(client), wanted, { dryRun: options.dryRun ?? false });
  await report(group, session, wanted.name, ensured, options);
}

async function updateOne<O, W extends { readonly name: string }, T extends Named>(
  group: Group<O, W, T>,
  session: Session,
  options: O & NameOptions,
): Promise<void> {
  const client = await session.client();
  const resource = group.resource(client);
  const existing = await find(resource, options);
  const wanted = await group.wanted(session, { ...options, name: options.name ?? existing.name }, existing);
  const always = group.hasSecret;
  const ensured = await adjust(resource, wanted, existing, { dryRun: options.dryRun ?? false, always });
  await report(group, session, wanted.name, ensured, options);
}

async function deleteOne<O, W extends { readonly name: string }, T extends Named>(
  group: Group<O, W, T>,
  session: Session,
  options: NameOptions,
): Promise<void> {
  const client = await session.client();
  const resource = group.resource(client);
  const thing = await find(resource, options);
  const which = `the ${resource.noun} "${oneLine(thing.name)}" (${thing.id})`;
  const { yes, signal } = session.context;
  if (!options.dryRun && !yes) {
    const answer = await ask(`Delete ${which}? Its events stop at once. [y/N] `, "give --yes", signal);
    if (!/^y(es)?$/i.test(answer)) throw new CommandError("Nothing has been deleted.", "");
  }
  if (!options.dryRun) await deleteIfThere(resource, thing); // an answer may have been lost
  const document = { action: "deleted", dryRun: options.dryRun ?? false, id: thing.id, name: thing.name };
  await session.result(document, () => `${options.dryRun ? "Would delete" : "Deleted"} ${which}.`);
}

/** @throws {CommandError} where there is none */
async function find<W extends { readonly name: string }, T extends Named>(
  resource: Resource<W, T>,
  { name, id }: NameOptions,
): Promise<T> {
  if (id === undefined && name === undefined) {
    throw new UsageError(`Which ${resource.noun}?`, "Give its --name, or its --id.");
  }
  const found =
    id === undefined
      ? await findByName(resource, name ?? "")
      : (await resource.list()).find((thing) => thing.id === id);
  if (found) return found;
  throw new CommandError(
    `There is no ${resource.noun} ${id === undefined ? `"${name}"` : `with the id ${id}`}.`,
    "`list` shows those that there are.",
  );
}
