import type { Change } from "../api.ts";
import { post } from "./call.ts";

const listeners = new Map<Change, Set<() => void>>();
const AGAIN_MILLISECONDS = 5_000;

/** Told when the server says that something is worth asking for anew. @returns what takes the listener away again */
export function onChange(change: Change, listener: () => void): () => void {
  const those = listeners.get(change) ?? new Set();
  listeners.set(change, those.add(listener));
  return () => those.delete(listener);
}

/** Listens to the server for as long as the page is there. */
export async function listen(): Promise<void> {
  for (;;) {
    try {
      const { ok, body } = await post("changes", {});
      if (!ok || body === null) return; // it does not know this tab
      let rest = "";
      for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) for (const listener of listeners.get(line as Change) ?? []) listener();
      }
    } catch {
      // Nobody answers: panels say so.
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MILLISECONDS));
  }
}
