import { defined } from "../../contract/defined.ts";
import { GenesysError } from "./genesys-error.ts";
import type { Difference, Named, Resource } from "./resources/resource.ts";

/** What has been done, or would be. */
export interface Ensured<Thing> {
  readonly action: "created" | "changed" | "unchanged";
  /** Absent where it would have to be created first. */
  readonly thing?: Thing;
  readonly differences: readonly Difference[];
}

export interface EnsureOptions {
  /** Looks, and changes nothing. */
  readonly dryRun?: boolean;
  /** Sends everything even where nothing differs: secrets are not shown, so nobody sees that they do. */
  readonly always?: boolean;
}

/** Creations whose outcome was unclear, and changes that met another one, are tried so often. */
const ATTEMPTS = 3;

/**
 * Sees to it that there is one thing of the name, as wanted: looked up on all pages first, created where it is
 * not there, changed only where it differs. Where nobody knows whether a creation was done, it is looked up
 * again; and after a creation it is looked up once more, for somebody else may have created it in the same
 * moment, or the request that was given up for lost may have arrived late. The oldest stays then.
 *
 * @throws {GenesysError} "ambiguous" where several have the name already
 */
export async function ensure<Wanted extends { readonly name: string }, Thing extends Named>(
  resource: Resource<Wanted, Thing>,
  wanted: Wanted,
  { dryRun = false }: Pick<EnsureOptions, "dryRun"> = {},
): Promise<Ensured<Thing>> {
  const found = await findByName(resource, wanted.name);
  if (found) return adjust(resource, wanted, found, { dryRun });
  if (dryRun) return { action: "created", differences: [] };
  const { thing } = await adjust(resource, wanted, await createOnce(resource, wanted), {});
  return { action: "created", ...defined({ thing }), differences: [] };
}

/** Makes one that is there as wanted, where it is not. @throws {GenesysError} */
export async function adjust<Wanted extends { readonly name: string }, Thing extends Named>(
  resource: Resource<Wanted, Thing>,
  wanted: Wanted,
  thing: Thing,
  { dryRun = false, always = false }: EnsureOptions,
): Promise<Ensured<Thing>> {
  const differences = resource.differences(wanted, thing);
  if (differences.length === 0 && !always) return { action: "unchanged", thing, differences };
  if (dryRun) return { action: "changed", thing, differences };
  return { action: "changed", thing: await change(resource, wanted, thing), differences };
}

/**
 * The one thing of that name.
 *
 * @throws {GenesysError} "ambiguous" where there are several
 */
export async function findByName<Wanted extends { readonly name: string }, Thing extends Named>(
  resource: Resource<Wanted, Thing>,
  name: string,
): Promise<Thing | undefined> {
  const [first, ...others] = await allOfName(resource, name);
  if (first !== undefined && others.length > 0) {
    const ids = [first, ...others].map(({ id }) => id).join(", ");
    throw new GenesysError({
      kind: "ambiguous",
      message: `There are ${others.length + 1} of the name "${name}" (${resource.noun}): ${ids}.`,
      remedy: "Delete all but one of them, by `delete --id`, and run the command again.",
    });
  }
  return first;
}

async function allOfName<Wanted extends { readonly name: string }, Thing extends Named>(
  resource: Resource<Wanted, Thing>,
  name: string,
): Promise<Thing[]> {
  return (await resource.list()).filter((thing) => thing.name === name);
}

/** Creates a thing that was not there a moment ago. */
async function createOnce<Wanted extends { readonly name: string }, Thing extends Named>(
  resource: Resource<Wanted, Thing>,
  wanted: Wanted,
): Promise<Thing> {
  for (let attempt = 1; ; attempt++) {
    try {
      const created = await resource.create(wanted);
      return await onlyOne(resource, wanted, created);
    } catch (error) {
      if (!(error instanceof GenesysError) || !(error.unclear || error.kind === "conflict")) throw error;
      const [found] = await allOfName(resource, wanted.name);
      if (found) return onlyOne(resource, wanted, found);
      if (error.kind === "conflict" || attempt >= ATTEMPTS) throw error;
    }
  }
}

/**
 * Of several that were created in the same moment, the oldest. The others are deleted, as far as they are our
 * own or just the same; whoever created another one deletes it, for the choice is the same there.
 */
async function onlyOne<Wanted extends { readonly name: string }, Thing extends Named>(
  resource: Resource<Wanted, Thing>,
  wanted: Wanted,
  own: Thing,
): Promise<Thing> {
  const all = await allOfName(resource, wanted.name);
  if (all.length < 2) return own;
  const age = (thing: Thing) => `${resource.createdAt?.(thing) ?? ""} ${thing.id}`;
  const [oldest = own, ...others] = all.sort((a, b) => (age(a) < age(b) ? -1 : 1));
  for (const thing of others) {
    const ours = thing.id === own.id || isTheSame(resource, wanted, thing);
    if (ours) await deleteIfThere(resource, thing);
  }
  return oldest;
}

function isTheSame<Wanted extends { readonly name: string }, Thing extends Named>(
  resource: Resource<Wanted, Thing>,
  wanted: Wanted,
  thing: Thing,
): boolean {
  return resource.isBare?.(thing) === true || resource.differences(wanted, thing).length === 0;
}

/** Deletes it, unless somebody else just has. */
export async function deleteIfThere<Wanted extends { readonly name: string }, Thing extends Named>(
  resource: Resource<Wanted, Thing>,
  thing: Thing,
): Promise<void> {
  try {
    await resource.delete(thing);
  } catch (error) {
    if (!(error instanceof GenesysError) || error.kind !== "not-found") throw error;
  }
}

/** Changes it, and again where somebody else was faster: from what is there then. */
async function change<Wanted extends { readonly name: string }, Thing extends Named>(
  resource: Resource<Wanted, Thing>,
  wanted: Wanted,
  thing: Thing,
): Promise<Thing> {
  let current = thing;
  for (let attempt = 1; ; attempt++) {
    try {
      return await resource.update(wanted, current);
    } catch (error) {
      const again = error instanceof GenesysError && (error.kind === "conflict" || error.unclear);
      if (!again || attempt >= ATTEMPTS) throw error;
      current = (await resource.list()).find(({ id }) => id === thing.id) ?? current;
      if (resource.differences(wanted, current).length === 0) return current;
    }
  }
}
