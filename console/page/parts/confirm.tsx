import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Action } from "../../api.ts";
import { commandOf } from "../../command.ts";
import { type CallError, call } from "../call.ts";
import { useLive } from "../live.ts";
import { Command } from "./command.tsx";
import { Problem } from "./panel.tsx";

interface ConfirmProps {
  readonly title: string;
  /** What happens, and whether it can be undone. */
  readonly children: ComponentChildren;
  /** Nothing where what was given is not enough yet. */
  readonly action: Action | undefined;
  /** What the button says that does it. */
  readonly verb: string;
  readonly isGrave?: boolean;
  readonly onClose: () => void;
}

/** Asks before it acts, and shows the command that does the same. */
export function Confirm({ title, children, action, verb, isGrave = false, onClose }: ConfirmProps) {
  const { environment, activity } = useLive();
  const dialog = useRef<HTMLDialogElement>(null);
  const [error, setError] = useState<CallError>();
  const [busy, setBusy] = useState(false);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  /** By the dialog itself, which gives the focus back to where it was. */
  const close = () => dialog.current?.close();
  const act = (event: Event) => {
    event.preventDefault();
    if (action === undefined || busy) return;
    setBusy(true);
    call("act", { action }).then(
      () => {
        void activity.reload();
        close();
      },
      (failed: CallError) => {
        setError(failed);
        setBusy(false);
      },
    );
  };
  const option = environment.data?.option;
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onClose}>
      <form onSubmit={act}>
        <h2 id={id}>{title}</h2>
        {children}
        {action !== undefined && option !== undefined && <Command>{commandOf(action, option)}</Command>}
        {error !== undefined && <Problem message={error.message} remedy={error.remedy} />}
        <div class="buttons">
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class={isGrave ? "grave" : "primary"} disabled={action === undefined || busy}>
            {verb}
          </button>
        </div>
      </form>
    </dialog>
  );
}
