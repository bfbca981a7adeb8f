import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { addRekey } from "./secret/rekey.ts";
import { addRotate } from "./secret/rotate.ts";
import { addSet } from "./secret/set.ts";

/** `secret set | rotate | rekey`. */
export function addSecret(program: Command): void {
  const secret = withExamples(
    program
      .command("secret")
      .description(
        "sets the secret that Genesys signs with, or that signs deliveries, replaces it, and changes its key",
      ),
    "genesys-dlq secret set webhook --environment staging",
    "genesys-dlq secret rotate open-messaging --integration main --environment production",
  );
  addSet(secret);
  addRotate(secret);
  addRekey(secret);
}
