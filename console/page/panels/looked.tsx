import { useEffect, useState } from "preact/hooks";
import { call } from "../call.ts";
import { count, duration } from "../format.ts";
import { useLive } from "../live.ts";
import { Problem } from "../parts/panel.tsx";

const TICK_MILLISECONDS = 5_000;
/** A look at so many is over before anybody has read that it is under way. */
const SHORT_LOOK = 1_000;

/** From when it is what is known of dead letters, how far a look has come, and the way to look anew. */
export function Looked() {
  const { snapshot, environment } = useLive();
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((ticks) => ticks + 1), TICK_MILLISECONDS);
    return () => clearInterval(timer);
  }, []);
  const { at, running, error, notes = [] } = snapshot.data ?? {};
  const isLong = running !== undefined && (at === undefined || running.about > SHORT_LOOK);
  const look = () => void call("look", {}).then(snapshot.reload, snapshot.reload);
  return (
    <div class="looked">
      {isLong ? (
        <span>
          Looking: {count(running.seen)} of about {count(running.about)}
          <progress
            value={running.seen}
            max={Math.max(1, running.about)}
            aria-label="Dead letters looked at"
          />
        </span>
      ) : (
        at !== undefined && <span>Looked {duration((Date.now() - Date.parse(at)) / 1_000)} ago</span>
      )}
      <button
        type="button"
        class="small"
        disabled={running !== undefined}
        onClick={look}
        title={`npm run genesys-dlq -- dlq stats ${environment.data?.option ?? ""}`}
      >
        Look anew
      </button>
      {error !== undefined && <Problem message={error.message} remedy={error.remedy} />}
      {notes.map((note) => (
        <p key={note} class="problem">
          {note}
        </p>
      ))}
    </div>
  );
}
