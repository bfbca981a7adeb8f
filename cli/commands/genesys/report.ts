import { oneLine } from "../../../contract/plain-text.ts";
import type { Ensured } from "../../genesys/ensure.ts";
import type { Difference, Named } from "../../genesys/resources/resource.ts";
import type { Group } from "./kind.ts";
import type { Session } from "./session.ts";

const SECRET_IS_NOT_SHOWN =
  "Genesys does not show the secret that it has, so it was not compared: `update` sends it again.";

/** Tells what has become of one, or would. */
export async function report<O, W extends { readonly name: string }, T extends Named>(
  group: Group<O, W, T>,
  session: Session,
  name: string,
  { action, thing, differences }: Ensured<T>,
  { dryRun = false }: { readonly dryRun?: boolean },
): Promise<void> {
  const client = await session.client();
  const shown = thing ? await group.show(thing, client) : { name };
  const { noun } = group.resource(client);
  await session.result({ action, dryRun, ...shown, differences }, () =>
    [
      headline(action, dryRun, `${noun} "${oneLine(name)}"`),
      ...differences.map(describe),
      ...(action === "changed" && differences.length === 0
        ? ["  nothing differs; its secret is sent again"]
        : []),
      ...Object.entries(shown).map(([field, value]) => `  ${field}: ${inWords(value)}`),
    ].join("\n"),
  );
  if (dryRun) return;
  if (group.hasSecret && action === "unchanged") session.note(SECRET_IS_NOT_SHOWN);
  if (group.advice !== undefined) session.note(group.advice);
}

function headline(action: Ensured<Named>["action"], dryRun: boolean, which: string): string {
  if (action === "unchanged") return `The ${which} is as wanted.`;
  const verb = action === "created" ? "create" : "change";
  return dryRun
    ? `Would ${verb} the ${which}.`
    : `${action === "created" ? "Created" : "Changed"} the ${which}.`;
}

function describe({ field, from, to }: Difference): string {
  return `  ${field}: ${inWords(from)} → ${inWords(to)}`;
}

function inWords(value: unknown): string {
  if (value === undefined) return "(none)";
  return oneLine(typeof value === "string" ? value : JSON.stringify(value));
}
