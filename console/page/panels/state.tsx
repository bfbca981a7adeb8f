import { utc } from "../format.ts";
import { useLive } from "../live.ts";
import { Problem } from "../parts/panel.tsx";
import { sentenceOf } from "../sentence.ts";

/** How the pipeline is, in a sentence. */
export function State() {
  const { breaker, queue } = useLive();
  if (breaker.data === undefined) {
    return (
      <section class="state" aria-label="State">
        <h1>{breaker.error === undefined ? "Asking…" : "Whether events are delivered is not known"}</h1>
        {breaker.error !== undefined && (
          <Problem message={breaker.error.message} remedy={breaker.error.remedy} />
        )}
      </section>
    );
  }
  const { tone, headline, details } = sentenceOf(breaker.data, queue.data, Date.now());
  return (
    <section class={`state ${tone}`} aria-label="State">
      <div role="status">
        <h1 title={Date.parse(breaker.data.since) === 0 ? undefined : `Since ${utc(breaker.data.since)}`}>
          {headline}
        </h1>
      </div>
      <p>{details.join(" ")}</p>
      {breaker.error !== undefined && (
        <Problem message={breaker.error.message} remedy={breaker.error.remedy} />
      )}
    </section>
  );
}
