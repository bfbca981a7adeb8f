import { useState } from "preact/hooks";
import type { FilterWords } from "../../api.ts";
import { type CallError, call } from "../call.ts";
import { counted } from "../format.ts";
import { Confirm } from "./confirm.tsx";

interface ChosenProps {
  readonly filter: FilterWords;
  /** How many it chose when somebody looked last. */
  readonly chosen: number;
  /** What they have in common, for a title: `of this cause`. */
  readonly which: string;
}

/** What can be done with the dead letters that a filter chooses. */
export function ChosenButtons(props: ChosenProps) {
  const [open, setOpen] = useState<"redrive" | "export">();
  const close = () => setOpen(undefined);
  return (
    <span class="buttons">
      <button type="button" class="small" disabled={props.chosen === 0} onClick={() => setOpen("redrive")}>
        Redrive…
      </button>
      <button type="button" class="small" disabled={props.chosen === 0} onClick={() => setOpen("export")}>
        Export…
      </button>
      {open === "redrive" && <Redrive {...props} onClose={close} />}
      {open === "export" && <Export {...props} onClose={close} />}
    </span>
  );
}

interface DialogProps extends ChosenProps {
  readonly onClose: () => void;
}

function Redrive({ filter, chosen, which, onClose }: DialogProps) {
  const [said, setSaid] = useState<string>();
  const tryOut = () => {
    setSaid("Looking…");
    call("dryRun", { filter }).then(
      (end) => setSaid(end.said),
      (error: CallError) => setSaid(`${error.message} ${error.remedy}`),
    );
  };
  return (
    <Confirm
      title={`Redrive ${counted(chosen, "dead letter")} ${which}`}
      action={{ kind: "redrive", filter }}
      verb="Redrive"
      isGrave
      onClose={onClose}
    >
      <p>
        They go back on the main queue and are delivered again, ten a second at most, each under its own{" "}
        <code>Idempotency-Key</code>. This cannot be taken back; it can be interrupted.
      </p>
      <p class="dry-run">
        <button type="button" class="small" onClick={tryOut}>
          Dry run
        </button>
        <span role="status">
          {said ?? "Says what would be redriven now, and redrives nothing (--dry-run)."}
        </span>
      </p>
    </Confirm>
  );
}

function Export({ filter, chosen, which, onClose }: DialogProps) {
  return (
    <Confirm
      title={`Export ${counted(chosen, "dead letter")} ${which}`}
      action={{ kind: "export", filter }}
      verb="Export"
      onClose={onClose}
    >
      <p>
        They are written to a file in the folder that the console was started in, which only you can read, and
        stay where they are. The file holds customers' data.
      </p>
    </Confirm>
  );
}
