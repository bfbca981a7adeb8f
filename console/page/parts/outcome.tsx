const TONES: Readonly<Record<string, string>> = {
  delivered: "good",
  duplicate: "good",
  dead: "bad",
  failed: "busy",
  waiting: "busy",
};

/** What became of an event, or a step of its way. */
export function Outcome({ children }: { readonly children: string }) {
  return <span class={`chip ${TONES[children] ?? ""}`}>{children}</span>;
}
