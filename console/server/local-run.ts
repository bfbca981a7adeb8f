import { type Console, listenConsole } from "./listen.ts";

/**
 * The console of a local run, for its own process. It calls the run as the command does, over its address.
 *
 * @param data the run's data folder
 */
export function listenForLocalRun(data: string): Promise<Console> {
  return listenConsole({
    async environment() {
      const { findEnvironment } = await import("../../cli/environment/find.ts");
      return findEnvironment({ data });
    },
  });
}
