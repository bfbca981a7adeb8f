import { useEffect, useState } from "preact/hooks";

const SHOWN_MILLISECONDS = 2_000;

/** Copies a text, and says that it did. */
export function Copy({ text, what, label = "Copy" }: { text: string; what: string; label?: string }) {
  const [said, setSaid] = useState<string>();
  useEffect(() => {
    if (said === undefined) return;
    const timer = setTimeout(() => setSaid(undefined), SHOWN_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setSaid("Copied"),
      () => setSaid("Not copied"),
    );
  return (
    <button type="button" class="small" onClick={copy} aria-label={`${said ?? label} ${what}`}>
      {said ?? label}
    </button>
  );
}
