import { join } from "node:path";
import { processor as processorSettings } from "../../../contract/settings/processor.ts";
import type { Synthesised } from "../../support/synthesise.ts";
import { own, peer, tutorials } from "../functions/peers.ts";
import type { FunctionFigures } from "./bill-of-design.ts";
import type { Entrant } from "./measure-functions.ts";
import { platformBytes } from "./platform-lines.ts";

const root = join(import.meta.dirname, "../../..");
export const BATCH = processorSettings.batchSize.def.defaultValue;

/** The name of a processor that gets its events one by one. */
export const oneByOne = (name: string) => `${name}, one by one`;

const eachSize = ({ takesMore = false, ...processor }: Omit<Entrant, "of" | "batch">): Entrant[] => [
  { ...processor, of: "processor", batch: BATCH, takesMore },
  { ...processor, of: "processor", batch: 1, name: oneByOne(processor.name) },
];

/** All functions that are measured. @param python without it the tutorial's are left out */
export async function functionsToMeasure(python: string | undefined): Promise<readonly Entrant[]> {
  const ours = await own(root, "processor");
  return [
    { name: "receiver", of: "receiver", writer: "own", batch: 1, files: await own(root, "receiver") },
    ...eachSize({ name: "processor", writer: "own", files: ours, takesMore: true }),
    ...eachSize({
      name: "processor, no suppression",
      writer: "own",
      files: ours,
      takesMore: true,
      variables: { IDEMPOTENCY_SECONDS: "0" },
    }),
    ...eachSize({ name: "processor, partner's events", writer: "partner", files: ours, takesMore: true }),
    ...eachSize({ name: "plain processor", writer: "plain", files: await peer(root, "plainProcessor") }),
    ...(python === undefined ? [] : await tutorialsFunctions(python)),
  ];
}

async function tutorialsFunctions(python: string): Promise<Entrant[]> {
  const common = { writer: "tutorial", python } as const;
  const [receiver, processor] = await Promise.all([tutorials("receiver"), tutorials("processor")]);
  return [
    { ...common, name: "tutorial's receiver", of: "receiver", batch: 1, files: receiver },
    ...eachSize({ ...common, name: "tutorial's processor", files: processor }),
  ];
}

type Settings = Pick<FunctionFigures, "megabytes" | "gigabyteSecond" | "platformLogBytes">;

/** Lambda's own, of what says nothing of them: the others' functions. */
const DEFAULTS: Settings = {
  megabytes: 128,
  gigabyteSecond: "gigabyteSecondX86",
  platformLogBytes: platformBytes(),
};

/** As it is deployed. */
export function settingsOf(stack: Synthesised, { writer, of }: Entrant): Settings {
  if (writer !== "own" && writer !== "partner") return DEFAULTS;
  const deployed = stack.resource("aws_lambda_function", of) as {
    readonly memory_size: number;
    readonly architectures: readonly string[];
    readonly logging_config?: Parameters<typeof platformBytes>[0];
  };
  return {
    megabytes: deployed.memory_size,
    gigabyteSecond: deployed.architectures.includes("arm64") ? "gigabyteSecond" : "gigabyteSecondX86",
    platformLogBytes: platformBytes(deployed.logging_config),
  };
}
