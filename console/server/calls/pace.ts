import type { Environment } from "../../../cli/environment/environment.ts";
import type { EnvironmentInfo } from "../../api.ts";

/** Here nothing costs anything; AWS is asked as often as what it tells changes. */
export function paceOf(kind: Environment["kind"]): EnvironmentInfo["pace"] {
  if (kind === "local") return { seconds: 2, metricSeconds: 5, note: "Live, from this machine." };
  return {
    seconds: 15,
    metricSeconds: 60,
    note: "While it is visible, this page asks AWS every 15 s and CloudWatch's metrics every minute: about $0.01 an hour. A look at all dead letters costs about $0.80 a million.",
  };
}
