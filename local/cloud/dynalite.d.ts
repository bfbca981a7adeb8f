/** dynalite ships no types; this is the part that is used here. */
declare module "dynalite" {
  import type { Server } from "node:http";

  export default function dynalite(options?: {
    /** A LevelDB folder; in memory without it. */
    readonly path?: string;
    readonly createTableMs?: number;
  }): Server;
}
