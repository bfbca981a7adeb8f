import { useState } from "preact/hooks";
import type { Calls } from "../../api.ts";
import { counted, duration, sentenceOfNext } from "../format.ts";
import { useLive } from "../live.ts";
import { Outcome } from "../parts/outcome.tsx";
import { Panel } from "../parts/panel.tsx";
import { Text } from "../parts/text.tsx";
import { Time } from "../parts/time.tsx";
import { useCall } from "../use-call.ts";

type Found = Calls["history"]["output"];
type Way = NonNullable<Found["history"]>;
type Step = Way["steps"][number];

/** An event's way, from its functions' logs. Where a look into them costs something, only when somebody asks. */
export function History({ id, from }: { readonly id: string; readonly from?: string | undefined }) {
  const { environment } = useLive();
  const [look, setLook] = useState(false);
  const input = { id, look, ...(from === undefined ? {} : { from }) };
  // Elsewhere each look costs something: it is made once.
  const isLocal = environment.data?.kind === "local";
  const asked = useCall("history", input, isLocal ? { on: "events" } : {});
  return (
    <Panel title="Its way" asked={asked}>
      {({ history, about }) =>
        history === undefined ? (
          <p class="quiet">
            {!isLocal && !look ? (
              <button type="button" class="small" onClick={() => setLook(true)}>
                Look into the logs
              </button>
            ) : (
              "The logs do not tell of it."
            )}{" "}
            <Text>{about}</Text>
          </p>
        ) : (
          <Steps {...history} />
        )
      }
    </Panel>
  );
}

function Steps({ steps, omitted, next }: Way) {
  return (
    <>
      <ol class="way">
        {steps.map((step, at) => (
          <li key={`${step.at} ${step.message} ${at}`}>
            <Time at={step.at} /> <Outcome>{step.kind}</Outcome> <Text>{whatHappened(step)}</Text>
          </li>
        ))}
      </ol>
      {omitted > 0 && <p class="quiet">{counted(omitted, "step")} in the middle left out.</p>}
      <p>
        <b>Next:</b> <Text>{sentenceOfNext(next)}</Text>
      </p>
    </>
  );
}

function whatHappened({
  attempt,
  status,
  durationMilliseconds,
  pauseSeconds,
  reason,
  by,
  because,
}: Step): string {
  return [
    attempt !== undefined && attempt > 0 && `attempt ${attempt}`,
    status !== undefined && `answered ${status}`,
    durationMilliseconds !== undefined && `within ${durationMilliseconds} ms`,
    by !== undefined && `by ${by === "unknown" ? "somebody" : by}`,
    because === "breaker-open" && "the breaker is open",
    because === "in-progress" && "another invocation is at it",
    reason,
    pauseSeconds !== undefined && `again in ${duration(pauseSeconds)}`,
  ]
    .filter((part) => typeof part === "string" && part !== "")
    .join(", ");
}
