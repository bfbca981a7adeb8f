import { useState } from "preact/hooks";
import type { DeadLetterDetail } from "../../api.ts";
import { bytes, counted } from "../format.ts";
import { History } from "../panels/history.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { Copy } from "../parts/copy.tsx";
import { Panel } from "../parts/panel.tsx";
import { ChosenButtons } from "../parts/redrive.tsx";
import { Block, Text } from "../parts/text.tsx";
import { Time } from "../parts/time.tsx";
import { hrefOf } from "../route.ts";
import { useCall } from "../use-call.ts";

/** One dead letter: why it died, what it is, and what can be done with it. */
export function DeadLetterView({ id }: { readonly id: string }) {
  const asked = useCall("deadLetter", { id });
  return (
    <>
      <p class="back">
        <a href={hrefOf({ view: "dead-letters", filter: {}, page: 0 })}>Dead letters</a>
      </p>
      <h1>One dead letter</h1>
      <Panel title="Why" asked={asked} aside={asked.data && <Buttons {...asked.data} />}>
        {(found) => <Facts {...found} />}
      </Panel>
      {asked.data !== undefined && (
        <>
          <History id={asked.data.deadLetter.eventId} from={asked.data.deadLetter.receivedAt} />
          <Contents {...asked.data} />
        </>
      )}
    </>
  );
}

function Facts({ deadLetter }: DeadLetterDetail) {
  const { attempts, redrives, conversationId } = deadLetter;
  return (
    <dl class="facts">
      <dt>Reason</dt>
      <dd>
        <span class="chip bad">
          {deadLetter.class}
          {deadLetter.status === undefined ? "" : ` ${deadLetter.status}`}
        </span>{" "}
        <Text>{deadLetter.reason}</Text>
      </dd>
      <dt>Event</dt>
      <dd>
        <code>
          <Text>{deadLetter.eventId}</Text>
        </code>{" "}
        <Copy text={deadLetter.eventId} what="the id" />
      </dd>
      <dt>Type</dt>
      <dd>
        <Text>{deadLetter.eventType ?? "–"}</Text> from {deadLetter.source}
      </dd>
      {conversationId !== undefined && (
        <>
          <dt>Conversation</dt>
          <dd>
            <a href={hrefOf({ view: "dead-letters", filter: { conversation: conversationId }, page: 0 })}>
              <Text>{conversationId}</Text>
            </a>
          </dd>
        </>
      )}
      <dt>Received</dt>
      <dd>
        <Time at={deadLetter.receivedAt} />
      </dd>
      <dt>Attempts</dt>
      <dd>
        {attempts === undefined ? "not known" : counted(attempts, "attempt")}
        {redrives > 0 && `, over ${counted(redrives, "redrive")}`}
        {deadLetter.firstAttemptAt !== undefined && (
          <>
            , the first at <Time at={deadLetter.firstAttemptAt} />
          </>
        )}
      </dd>
      <dt>Died</dt>
      <dd>
        <Time at={deadLetter.diedAt} />
      </dd>
    </dl>
  );
}

function Contents({ payload, envelope, curl }: DeadLetterDetail) {
  return (
    <>
      <section class="panel" aria-label="Event">
        <div class="panel-head">
          <h2>Event {"text" in payload && <span class="quiet">{bytes(payload.bytes)}</span>}</h2>
          <span class="buttons">
            {"text" in payload && <Copy text={payload.text} what="the event" />}
            {curl !== undefined && <Copy text={curl} what="the event as curl" label="Copy as curl" />}
          </span>
        </div>
        {"text" in payload ? (
          <Block label="The event">{payload.text}</Block>
        ) : (
          <p class="quiet">{payload.absent}</p>
        )}
        {"cut" in payload && payload.cut && <p class="quiet">Its beginning: dlq show has the whole.</p>}
      </section>
      <section class="panel" aria-label="Envelope">
        <div class="panel-head">
          <h2>Envelope</h2>
        </div>
        <Block label="The envelope">{envelope}</Block>
      </section>
    </>
  );
}

function Buttons({ deadLetter: { messageId } }: DeadLetterDetail) {
  const [isOpen, setOpen] = useState(false);
  return (
    <span class="buttons">
      <ChosenButtons filter={{ id: messageId }} chosen={1} which="" />
      <button type="button" class="small" onClick={() => setOpen(true)}>
        Replay to my machine…
      </button>
      {isOpen && <Replay id={messageId} onClose={() => setOpen(false)} />}
    </span>
  );
}

function Replay({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const [to, setTo] = useState("http://localhost:3000");
  return (
    <Confirm
      title="Replay to my machine"
      action={to.trim() === "" ? undefined : { kind: "replay", id, to: to.trim() }}
      verb="Replay"
      onClose={onClose}
    >
      <p>
        A server of yours gets the event as the destination would, but for the destination's credentials. The
        dead letter stays where it is. How it was answered stands under <b>Done here</b>.
      </p>
      <label>
        Where it listens
        <input type="text" value={to} onInput={({ currentTarget }) => setTo(currentTarget.value)} />
      </label>
    </Confirm>
  );
}
