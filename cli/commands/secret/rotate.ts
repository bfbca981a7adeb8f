import type { Command } from "commander";
import { UsageError } from "../../../contract/command-error.ts";
import { exitCodes } from "../../../contract/exit-codes.ts";
import { act } from "../../act.ts";
import { ask } from "../../ask.ts";
import type { Context } from "../../context.ts";
import { withExamples } from "../../examples.ts";
import { numberAbove } from "../../numbers.ts";
import { newSecret, secretFromStdin } from "../../secret/new-secret.ts";
import { type RotationOutcome, rotate } from "../../secret/rotate.ts";
import { findSigners } from "../../secret/switch-over.ts";
import { waitUntil } from "../../secret/wait.ts";
import { addGenesysOptions, type GenesysOptions } from "../genesys/options.ts";
import { Session } from "../genesys/session.ts";
import { addSource, type SourceSecret, sourceSecret } from "./source.ts";

interface RotateOptions extends GenesysOptions {
  readonly integration?: string;
  readonly name?: string;
  readonly manual?: boolean;
  readonly switched?: boolean;
  readonly stdin?: boolean;
  readonly print?: boolean;
  readonly refreshSeconds?: number;
  readonly graceSeconds: number;
}

/** A receiver that was reading the old value in the moment of the change has it for this much longer. */
const READ_SECONDS = 5;
/** Genesys tries an event again for 85 s; twice that leaves it time to take the new secret up. */
const GRACE_SECONDS = 180;
const DAY_SECONDS = 86_400;

/** `secret rotate`: a new secret, and not one event refused. */
export function addRotate(secret: Command): void {
  const command = addGenesysOptions(
    addSource(
      secret
        .command("rotate")
        .description(
          "replaces a secret without refusing an event; what was interrupted goes on where it stopped",
        ),
    ),
  )
    .option(
      "--name <name>",
      "what signs with it in Genesys (default: all that posts to this environment's URL)",
    )
    .option("--manual", "you change it in Genesys yourself, when asked to")
    .option("--switched", "with --manual, without a terminal: you have changed it")
    .option("--stdin", "the new secret comes on stdin (default: a generated one)")
    .option("--print", "print the generated one")
    .option(
      "--refresh-seconds <n>",
      `how long every receiver may take to read it (default: as deployed, and ${READ_SECONDS} more)`,
      numberAbove(0, DAY_SECONDS),
    )
    .option(
      "--grace-seconds <n>",
      "how long the old one is taken after Genesys has the new one",
      numberAbove(0, DAY_SECONDS),
      GRACE_SECONDS,
    )
    .action(
      act<RotateOptions>(async (context, options, source) => {
        const session = new Session(context, options);
        try {
          return await run(context, session, options, source);
        } catch (error) {
          throw session.explain(error);
        }
      }),
    );
  withExamples(
    command,
    "genesys-dlq secret rotate webhook --environment production",
    "genesys-dlq secret rotate open-messaging --integration main --genesys-region Ireland",
    "genesys-dlq secret rotate data-action --manual --print",
  );
}

async function run(
  context: Context,
  session: Session,
  options: RotateOptions,
  source: string | undefined,
): Promise<number> {
  const secret = await sourceSecret(context, source, options.integration);
  if (options.switched && !options.manual && secret.holder === "Genesys")
    throw new UsageError("--switched goes with --manual.", "Give both.");
  await mayBeThatShort(context, session, options.refreshSeconds, secret);
  const { parameter, key } = secret;
  const outcome = await rotate(
    {
      read: async () => {
        const value = await parameter.value();
        for (const each of [value.current, value.previous ?? ""]) session.redaction.add(each);
        return value;
      },
      write: (value) => parameter.write(value),
      switchOver: await switchFor(context, session, options, secret),
      wait: (until, what) => waitUntil(until, what, context),
      note: (text) => session.note(text),
      now: Date.now,
    },
    {
      newSecret: async () =>
        session.redaction.add(options.stdin ? await secretFromStdin() : newSecret(secret.holder)),
      holder: secret.holder,
      readSeconds: options.refreshSeconds ?? secret.secretRefreshSeconds + READ_SECONDS,
      graceSeconds: options.graceSeconds,
    },
  );
  // The one way in which a secret is said: asked for, and of our own making.
  const shown = options.print && !options.stdin ? { secret: outcome.secret } : {};
  const { done, resumed } = outcome;
  await context.output.result({ source: key, parameter: parameter.name, done, resumed, ...shown }, () =>
    [describe(outcome, secret), ...Object.values(shown)].join("\n"),
  );
  return done ? exitCodes.done : exitCodes.attention;
}

/**
 * Sooner than every receiver has read the new secret, Genesys would sign with what some of them refuse.
 *
 * @throws {UsageError} where that would refuse events of customers; on a laptop it is a note
 */
async function mayBeThatShort(
  context: Context,
  session: Session,
  given: number | undefined,
  { key, holder, secretRefreshSeconds }: SourceSecret,
): Promise<void> {
  if (given === undefined || given >= secretRefreshSeconds) return;
  const reads = holder === "Genesys" ? "receiver keeps" : "processor keeps";
  const message = `--refresh-seconds ${given} is too short: a ${reads} a secret of ${key} for up to ${secretRefreshSeconds} s.`;
  if ((await context.environment()).kind === "local") {
    return session.note(`${message} This local run may refuse events until then.`);
  }
  throw new UsageError(message, `Leave the option out, or give ${secretRefreshSeconds} or more.`);
}

function describe({ done }: RotationOutcome, { key, holder, parameter }: SourceSecret): string {
  const [isTaken, areTaken] =
    holder === "Genesys" ? ["is not taken", "are taken"] : ["does not sign", "sign"];
  if (done) return `The secret of ${key} has been replaced; the old one ${isTaken} any more.`;
  return [
    `Both secrets of ${key} ${areTaken}, and ${holder} has the old one still.`,
    `Put the new one there, the "current" of the parameter ${parameter.name};`,
    "then run the same command again, with --manual --switched.",
  ].join("\n");
}

/**
 * How Genesys is switched over. Whether that can be done at all is found out before anything is begun.
 */
async function switchFor(
  context: Context,
  session: Session,
  options: RotateOptions,
  { key, found, holder, parameter }: SourceSecret,
): Promise<(secret: string) => Promise<boolean>> {
  if (options.manual || found === undefined) {
    return async () => {
      if (options.switched) return true;
      if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
      session.note(`Put the new secret into ${holder}: the "current" of the parameter ${parameter.name}.`);
      const question = found
        ? `Does Genesys sign ${key} with it now? [y/N] `
        : "Does the destination know it now? [y/N] ";
      return /^y(es)?$/i.test(await ask(question, "give --switched", context.signal));
    };
  }
  const signers = await findSigners(() => session.client(), found.source, found.url, options.name);
  return async (secret) => {
    for (const { title, signWith } of signers) {
      await signWith(secret);
      session.note(`Genesys has it: ${title}.`);
    }
    return true;
  };
}
