import { UsageError } from "../../contract/command-error.ts";
import { type HttpSource, sourceDefinitions } from "../../contract/sources/index.ts";
import { urlOf } from "../../contract/sources/signed-request.ts";
import { httpTarget } from "./http-target.ts";
import type { Target } from "./target.ts";

/** The variable that holds the secret where there is no environment to look it up in. */
export const SECRET_VARIABLE = "GENESYS_DLQ_SECRET";

export interface GivenUrl {
  readonly url: string;
  readonly integration: string | undefined;
  readonly encoding: "base64" | "hex";
  readonly unsigned: boolean;
}

/**
 * An address that a person names, with the secret out of the process's environment.
 *
 * @throws {UsageError} where the secret is missing
 */
export function targetAt(source: HttpSource, given: GivenUrl, timeoutMilliseconds: number): Target {
  const { url, integration = "", encoding, unsigned } = given;
  const secret = process.env[SECRET_VARIABLE] ?? "";
  if (secret === "" && !unsigned) {
    throw new UsageError(
      `The secret for ${url} is not given.`,
      `Set ${SECRET_VARIABLE}, or give --unsigned where none is asked for.`,
    );
  }
  if (url.includes("{") && integration === "") {
    throw new UsageError(`Which integration of ${url}?`, "Give --integration.");
  }
  const signed =
    sourceDefinitions[source].authentication === "signature"
      ? ({ kind: "signature", encoding } as const)
      : ({ kind: "shared-secret" } as const);
  const proof = unsigned ? ({ kind: "none" } as const) : signed;
  const to = urlOf(url, integration);
  return httpTarget({ url: to, proof, secret, title: to, timeoutMilliseconds });
}
