import { environments } from "../infra/environments.ts";

/** The environments that the team has configured, by name. */
export const environmentNames: readonly string[] = Object.keys(environments);
