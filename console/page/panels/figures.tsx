import type { ComponentChildren } from "preact";
import { count, duration, rate } from "../format.ts";
import { useLive } from "../live.ts";
import { Problem } from "../parts/panel.tsx";
import { hrefOf } from "../route.ts";
import { inQueue, oldestSeconds } from "../sentence.ts";

/** The few numbers that a person looks at first. */
export function Figures() {
  const { breaker, queue, metrics } = useLive();
  const state = queue.data;
  const age = breaker.data && oldestSeconds(breaker.data, state, Date.now());
  const perMinute = (value: number | undefined) => (value === undefined ? "–" : rate(value));
  return (
    <>
      <dl class="figures">
        <Figure
          name="Waiting"
          note={state && `${count(state.inFlight)} in flight, ${count(state.delayed)} delayed`}
        >
          {state === undefined ? "–" : count(inQueue(state))}
        </Figure>
        <Figure name="Oldest" note="since it was received">
          {age === undefined ? "–" : duration(age)}
        </Figure>
        <Figure name="In a minute" note="events accepted">
          {perMinute(metrics.data?.inPerMinute)}
        </Figure>
        <Figure name="Out a minute" note="events delivered">
          {perMinute(metrics.data?.outPerMinute)}
        </Figure>
        <Figure name="Dead letters" note="on their queue" isBad={(state?.deadLetters ?? 0) > 0}>
          {state === undefined ? (
            "–"
          ) : (
            <a href={hrefOf({ view: "dead-letters", filter: {}, page: 0 })}>{count(state.deadLetters)}</a>
          )}
        </Figure>
      </dl>
      {queue.error !== undefined && <Problem message={queue.error.message} remedy={queue.error.remedy} />}
    </>
  );
}

interface FigureProps {
  readonly name: string;
  readonly note: string | undefined;
  readonly isBad?: boolean;
  readonly children: ComponentChildren;
}

function Figure({ name, note, isBad = false, children }: FigureProps) {
  return (
    <div class={isBad ? "bad" : ""}>
      <dt>{name}</dt>
      <dd>
        <strong>{children}</strong>
        <span>{note ?? "\u00a0"}</span>
      </dd>
    </div>
  );
}
