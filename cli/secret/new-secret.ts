import { randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import { UsageError } from "../../contract/command-error.ts";
import { SHORTEST_SECRET } from "../genesys/resources/open-messaging.ts";

/** 256 bits: in characters that need no quoting anywhere, or as Standard Webhooks writes a destination's. */
export function newSecret(holder: "Genesys" | "the destination"): string {
  const bytes = randomBytes(32);
  return holder === "Genesys" ? bytes.toString("base64url") : `whsec_${bytes.toString("base64")}`;
}

/** A secret that is piped in: one on the command line would be in the list of processes. @throws {UsageError} */
export async function secretFromStdin(): Promise<string> {
  if (process.stdin.isTTY) {
    throw new UsageError("A secret typed here would be shown.", "Pipe it in, or leave --stdin out.");
  }
  const secret = (await text(process.stdin)).replace(/\r?\n$/, "");
  if (secret.length >= SHORTEST_SECRET) return secret;
  throw new UsageError(
    `What came on stdin is shorter than ${SHORTEST_SECRET} characters, and no such secret is taken.`,
    "Pipe in a longer one, or leave --stdin out.",
  );
}
