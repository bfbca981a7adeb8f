import { variableOf } from "../../../contract/environment.ts";
import { secretKey } from "../../../contract/outputs.ts";
import type { SourceSettings } from "../../../contract/variables/sources.ts";
import { blockOf } from "../snapshot.ts";
import { type Held, listedSafeguard, type Safeguard } from "./safeguard.ts";

const SOURCES = variableOf("receiver", "sources");

/**
 * How each sender proves itself, as the receiver is told. A sender that proves itself otherwise than it is asked to
 * is refused, and a secret that is new is the placeholder.
 */
export const authentication: Safeguard = listedSafeguard({
  held: (snapshot) =>
    snapshot.all("aws_lambda_function").flatMap(({ address, values }) =>
      sourcesOf(blockOf(blockOf(values["environment"])["variables"])[SOURCES]).flatMap((each) =>
        Object.entries(each.authentication).map(
          ([integration, given]): Held => ({
            key: `authentication of ${secretKey(each.source, integration)}`,
            address,
            level: [given.kind, ...("encoding" in given ? [given.encoding] : [])].join(" "),
          }),
        ),
      ),
    ),
  // Whoever is let in without a proof is not refused; that a door is open now, the synthesis warns of.
  isWorse: (_, is) => is !== "none",
  lost: "events of senders that do not prove themselves so yet: they are refused, and Genesys takes that as final; with a secret that is not set, they are answered 503 until it is",
  remedy:
    "Let no events come meanwhile: switch the integration off in Genesys, deploy, set the secret (genesys-dlq secret set), give it to the sender, and switch it on again.",
});

function sourcesOf(text: unknown): readonly SourceSettings[] {
  try {
    const sources: unknown = JSON.parse(String(text));
    return Array.isArray(sources) ? (sources as SourceSettings[]) : [];
  } catch {
    return []; // of no receiver of ours
  }
}
