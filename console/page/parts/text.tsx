import { visible, visibleLines } from "../../../contract/plain-text.ts";

/** A stranger's words on one line: text and nothing else, and its direction stays its own. */
export function Text({ children }: { readonly children: string }) {
  return <bdi>{visible(children)}</bdi>;
}

/** The same over lines, as it is. */
export function Block({ label, children }: { readonly label: string; readonly children: string }) {
  return (
    <section class="block" aria-label={label}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <pre tabIndex={0}>{visibleLines(children)}</pre>
    </section>
  );
}
