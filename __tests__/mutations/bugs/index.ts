import type { Bug } from "../bug.ts";
import { cli } from "./cli.ts";
import { console } from "./console.ts";
import { contract } from "./contract.ts";
import { deployment } from "./deployment.ts";
import { destination } from "./destination.ts";
import { infra } from "./infra.ts";
import { local } from "./local.ts";
import { processor } from "./processor.ts";
import { receiver } from "./receiver.ts";
import { recovery } from "./recovery.ts";

/** All of them, room by room. */
export const bugs: readonly Bug[] = [
  ...contract,
  ...receiver,
  ...processor,
  ...destination,
  ...recovery,
  ...infra,
  ...cli,
  ...console,
  ...deployment,
  ...local,
];
