import { sha256 } from "../../contract/event/envelope.ts";
import { bindToBytes } from "../../contract/event/identity.ts";
import { type ProofKind, signRequest } from "../../contract/sources/signed-request.ts";
import type { Environment } from "../environment/environment.ts";
import { readReceiver } from "../environment/receiver.ts";
import { chooseSource, type FoundSource, type WantedSource } from "../environment/source.ts";
import { SecretParameter } from "../secret/parameter.ts";
import { post } from "./post.ts";
import type { Target } from "./target.ts";

interface HttpEndpoint {
  readonly url: string;
  readonly proof: ProofKind;
  /** `""` where nothing is proved. */
  readonly secret: string;
  readonly title: string;
  readonly timeoutMilliseconds: number;
}

/** Posts events to a source, each signed as its sender would. */
export function httpTarget({ url, proof, secret, title, timeoutMilliseconds }: HttpEndpoint): Target {
  return {
    url,
    title,
    async send(body) {
      const { answer } = await post(signRequest({ url, body }, proof, secret), timeoutMilliseconds);
      return { answer, mark: bindToBytes("", sha256(body)) };
    },
  };
}

/**
 * A source of an environment, with the secret that its parameter holds now.
 *
 * @throws {CommandError} where there is no such source or integration, or no secret yet
 */
export async function targetIn(
  environment: Environment,
  wanted: WantedSource & { readonly unsigned: boolean },
  timeoutMilliseconds: number,
): Promise<{ readonly source: FoundSource["source"]; readonly target: Target }> {
  const { sources } = await readReceiver(environment);
  const { source, key, url, authentication, parameter } = chooseSource(environment, sources, wanted);
  const proves = parameter !== undefined && !wanted.unsigned;
  const secret = proves
    ? (await new SecretParameter(environment.clients, parameter, key).value()).current
    : "";
  const target = httpTarget({
    url,
    proof: proves ? authentication : { kind: "none" },
    secret,
    title: `${key} of ${environment.title}`,
    timeoutMilliseconds,
  });
  return { source, target };
}
