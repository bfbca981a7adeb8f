import { type Command, InvalidArgumentError, Option } from "commander";
import { isBlank } from "../../../contract/blank-values.ts";
import type { CredentialsOptions } from "../../genesys/credentials.ts";
import type { Flow } from "../../genesys/endpoint.ts";

/** The options that every command under `genesys` has. */
export interface GenesysOptions extends CredentialsOptions {
  readonly genesysRegion?: string;
  readonly genesysUrl?: string;
  readonly oauth: Flow;
}

/** No option takes a secret itself: a command line is in the shell's history, and in the list of processes. */
export function addGenesysOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--genesys-region <name>",
        "Genesys Cloud region by name, AWS region or domain: Ireland, eu-west-1, mypurecloud.ie",
      ).env("GENESYSCLOUD_REGION"),
    )
    .option("--genesys-url <url>", "another address in its place: https, or http on this machine")
    .addOption(
      new Option("--client-id <id>", "of the OAuth client (client credentials)").env(
        "GENESYSCLOUD_OAUTHCLIENT_ID",
      ),
    )
    .option("--client-secret-parameter <name>", "read its secret from this SSM parameter")
    .option("--client-secret-stdin", "read its secret from stdin")
    .option(
      "--credentials <file>",
      'read both from this file, which only you may read: {"clientId": "…", "clientSecret": "…"}',
    )
    .addOption(
      new Option("--oauth <flow>", "ask for a token as the platform has it, or as the tutorial does")
        .choices(["platform", "tutorial"])
        .default("platform"),
    );
}

/** Collects an option that may be given several times. */
export function several(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** `NAME=VALUE`, several times. */
export function pairs(
  value: string,
  before: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const [, name, rest] = /^([^=]+)=(.*)$/s.exec(value) ?? [];
  if (name === undefined || rest === undefined || isBlank(name) || isBlank(rest))
    throw new InvalidArgumentError("It has to be NAME=VALUE.");
  return { ...before, [name]: rest };
}
