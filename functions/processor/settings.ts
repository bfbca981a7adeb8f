import type { FunctionSettings } from "../../contract/environment.ts";
import { processorVariables } from "../../contract/variables/processor.ts";
import { loadSettings } from "../runtime/settings.ts";

export type ProcessorSettings = FunctionSettings<"processor">;

/** @throws {Error} naming every variable that is missing or wrong, never a value. */
export function processorSettings(environment: NodeJS.ProcessEnv = process.env): ProcessorSettings {
  return loadSettings("processor", processorVariables, environment);
}
