import type { FunctionSettings } from "../../contract/environment.ts";
import { recoveryVariables } from "../../contract/variables/recovery.ts";
import { loadSettings } from "../runtime/settings.ts";

export type RecoverySettings = FunctionSettings<"recovery">;

/** @throws {Error} naming every variable that is missing or wrong, never a value. */
export function recoverySettings(environment: NodeJS.ProcessEnv = process.env): RecoverySettings {
  return loadSettings("recovery", recoveryVariables, environment);
}
