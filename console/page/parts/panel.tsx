import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import type { ErrorInfo } from "../../api.ts";
import type { Asked } from "../use-call.ts";

interface PanelProps<Output> {
  readonly title: string;
  readonly asked: Asked<Output>;
  readonly children: (data: Output) => ComponentChildren;
  /** Beside the title. */
  readonly aside?: ComponentChildren;
  readonly class?: string;
}

/** A part of a view by itself: while it is waited for, with what it knows, and with why it knows nothing newer. */
export function Panel<Output>({ title, asked, children, aside, class: name = "" }: PanelProps<Output>) {
  const { data, error } = asked;
  const id = useId();
  return (
    <section class={`panel ${name}`} aria-labelledby={id}>
      <div class="panel-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {error !== undefined && <Problem message={error.message} remedy={error.remedy} />}
      {data !== undefined && children(data)}
      {data === undefined && error === undefined && <p class="quiet loading">Asking…</p>}
    </section>
  );
}

/** What went wrong, and what to do. */
export function Problem({ message, remedy }: ErrorInfo) {
  return (
    <p class="problem">
      {message} {remedy !== "" && <span>{remedy}</span>}
    </p>
  );
}
