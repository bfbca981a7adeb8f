import { useEffect, useState } from "preact/hooks";
import { count } from "../format.ts";
import { useLive } from "../live.ts";
import { hrefOf } from "../route.ts";

/** How long the end of an action is told. */
const TOLD_MILLISECONDS = 12_000;

/** The action that is under way, or has just ended, above whatever somebody looks at. */
export function Latest() {
  const { activity } = useLive();
  const [latest] = activity.data ?? [];
  const end = latest?.endedAt === undefined ? undefined : Date.parse(latest.endedAt) + TOLD_MILLISECONDS;
  const [, tick] = useState(0);
  useEffect(() => {
    if (end === undefined) return;
    const timer = setTimeout(() => tick((ticks) => ticks + 1), Math.max(0, end - Date.now()));
    return () => clearTimeout(timer);
  }, [end]);
  const isTold = latest !== undefined && (end === undefined || end > Date.now());
  return (
    <div class="latest" role="status">
      {isTold && (
        <p>
          {latest.state === "running"
            ? latest.progress === undefined
              ? "Under way…"
              : `${count(latest.progress.done)} of ${count(latest.progress.total)} ${latest.progress.doing}`
            : latest.said.join(" ")}{" "}
          <a href={hrefOf({ view: "activity" })}>Done here</a>
        </p>
      )}
    </div>
  );
}
