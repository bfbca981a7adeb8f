import { Alarms } from "../panels/alarms.tsx";
import { Breaker } from "../panels/breaker.tsx";
import { Causes } from "../panels/causes.tsx";
import { Figures } from "../panels/figures.tsx";
import { Flow } from "../panels/flow.tsx";
import { State } from "../panels/state.tsx";

const CAUSES = 7;

/** How it goes, at a glance. */
export function Overview() {
  return (
    <>
      <State />
      <Figures />
      <Flow />
      <Causes filter={{}} most={CAUSES} />
      <div class="two">
        <Breaker />
        <Alarms />
      </div>
    </>
  );
}
