import type { FunctionSettings } from "../../contract/environment.ts";
import { receiverVariables } from "../../contract/variables/receiver.ts";
import { loadSettings } from "../runtime/settings.ts";

export type ReceiverSettings = FunctionSettings<"receiver">;

/** @throws {Error} naming every variable that is missing or wrong, never a value. */
export function receiverSettings(environment: NodeJS.ProcessEnv = process.env): ReceiverSettings {
  return loadSettings("receiver", receiverVariables, environment);
}
