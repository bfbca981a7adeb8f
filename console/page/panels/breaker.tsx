import { useState } from "preact/hooks";
import type { Calls } from "../../api.ts";
import { counted, percent } from "../format.ts";
import { useLive } from "../live.ts";
import { Confirm } from "../parts/confirm.tsx";
import { Panel } from "../parts/panel.tsx";
import { Text } from "../parts/text.tsx";
import { Time } from "../parts/time.tsx";

type Status = Calls["breaker"]["output"];

const TYPES = 6;

/** Whether deliveries are stopped, by whom and why; and the way to stop and resume them. */
export function Breaker() {
  const { breaker } = useLive();
  const [open, setOpen] = useState<"open" | "close">();
  const status = breaker.data?.status;
  const aside = status && (
    <span class="buttons">
      {(status !== "open" || breaker.data?.by !== "operator") && (
        <button type="button" class="small" onClick={() => setOpen("open")}>
          Stop deliveries…
        </button>
      )}
      {status !== "closed" && (
        <button type="button" class="small" onClick={() => setOpen("close")}>
          Resume deliveries…
        </button>
      )}
    </span>
  );
  return (
    <Panel title="Breaker" asked={breaker} aside={aside}>
      {(data) => (
        <>
          <Facts {...data} />
          {open === "open" && <Open onClose={() => setOpen(undefined)} />}
          {open === "close" && <Close onClose={() => setOpen(undefined)} />}
        </>
      )}
    </Panel>
  );
}

function Facts({ status, by, since, reason, mapping, nextProbeAt, lastProbe, types }: Status) {
  const never = Date.parse(since) === 0;
  return (
    <>
      <dl class="facts">
        <dt>State</dt>
        <dd>
          <span class={`chip ${{ closed: "good", "half-open": "busy", open: "bad" }[status]}`}>{status}</span>{" "}
          {never ? (
            "and never was otherwise"
          ) : (
            <>
              since <Time at={since} />, by {by === "operator" ? "a person" : by}
            </>
          )}
        </dd>
        {reason !== "" && (
          <>
            <dt>Reason</dt>
            <dd>
              <Text>{reason}</Text>
            </dd>
          </>
        )}
        {status === "open" && nextProbeAt !== undefined && (
          <>
            <dt>Next try</dt>
            <dd>
              <Time at={nextProbeAt} />
            </dd>
          </>
        )}
        {status !== "closed" && lastProbe !== undefined && (
          <>
            <dt>Last try</dt>
            <dd>
              <Time at={lastProbe.at} />: <Text>{lastProbe.reason}</Text>
            </dd>
          </>
        )}
        <dt>Mapping</dt>
        <dd>{mapping}</dd>
      </dl>
      {types.length > 0 && (
        <table class="types">
          <caption>How attempts went lately</caption>
          <tbody>
            {types.slice(0, TYPES).map(({ type, succeeded, failed, refused }) => (
              <tr key={type}>
                <th scope="row">
                  <Text>{type}</Text>
                </th>
                <td class="number">{percent(succeeded / Math.max(1, succeeded + failed + refused))}</td>
                <td class="quiet">of {counted(succeeded + failed + refused, "attempt")} succeeded</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Open({ onClose }: { readonly onClose: () => void }) {
  const [reason, setReason] = useState("");
  return (
    <Confirm
      title="Stop deliveries"
      action={{ kind: "breaker", to: "open", reason: reason.trim() }}
      verb="Stop deliveries"
      isGrave
      onClose={onClose}
    >
      <p>Events go on being accepted, and wait on the queue until somebody resumes deliveries.</p>
      <label>
        Reason, for whoever asks
        <input
          type="text"
          value={reason}
          maxLength={500}
          placeholder="maintenance of the CRM"
          onInput={({ currentTarget }) => setReason(currentTarget.value)}
        />
      </label>
    </Confirm>
  );
}

function Close({ onClose }: { readonly onClose: () => void }) {
  return (
    <Confirm
      title="Resume deliveries"
      action={{ kind: "breaker", to: "close" }}
      verb="Resume deliveries"
      onClose={onClose}
    >
      <p>
        Whatever waits is tried at once. Where deliveries still fail, the breaker opens again within seconds;
        where they succeed, it would have closed by itself.
      </p>
    </Confirm>
  );
}
