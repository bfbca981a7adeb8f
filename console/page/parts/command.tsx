import { Copy } from "./copy.tsx";

/** The command that does the same. */
export function Command({ children }: { readonly children: string }) {
  return (
    <p class="command">
      <code>{children}</code>
      <Copy text={children} what="the command" />
    </p>
  );
}
