import type { Cloud } from "./cloud.ts";
import type { SynthesisedStack } from "./stack.ts";

/** Does Genesys' part before a deployment: makes the partner event sources that the stack's buses take over. */
export async function makePartnerSources({ resource }: SynthesisedStack, { json }: Cloud): Promise<void> {
  for (const { event_source_name: name } of Object.values(resource["aws_cloudwatch_event_bus"] ?? {})) {
    if (typeof name === "string") await json.createPartnerEventSource(name);
  }
}
