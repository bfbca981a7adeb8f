import { documentOf, listOf, numberOf, type Resource, type Snapshot } from "../snapshot.ts";
import { goesOff, type Held, listedSafeguard, onOff, type Safeguard, type Weakness } from "./safeguard.ts";

const QUEUE = ["aws_sqs_queue"];

/** A queue's redrive policy, whether a resource of its own gives it or the queue itself. */
function redrives(snapshot: Snapshot, separate: string, attribute: string) {
  const apart = snapshot.all(separate).map(({ address, values }) => ({
    address,
    queue: snapshot.resourceOf(values["queue_url"], QUEUE),
    policy: documentOf(values[attribute]),
  }));
  const own = snapshot
    .all(...QUEUE)
    // The provider repeats at the queue what the other resource says, even when that one goes.
    .filter(
      (queue) => snapshot.asksFor(queue, attribute) && apart.every((one) => one.queue !== queue.address),
    )
    .map(({ address, values }) => ({ address, queue: address, policy: documentOf(values[attribute]) }));
  return [...apart, ...own].filter(({ policy }) => Object.keys(policy).length > 0);
}

const redrive: Safeguard = listedSafeguard({
  held: (snapshot) =>
    redrives(snapshot, "aws_sqs_queue_redrive_policy", "redrive_policy").flatMap(
      ({ address, queue, policy }): Held[] => [
        {
          key: `dead-letter queue of ${queue}`,
          address,
          level: snapshot.text(policy["deadLetterTargetArn"]),
        },
        {
          key: `receives before an event of ${queue} is a dead letter`,
          address,
          level: numberOf(policy["maxReceiveCount"]) ?? Number.NaN,
        },
      ],
    ),
  lost: "events that the processor cannot finish: they circulate until the queue deletes them, or are given up early",
  remedy:
    "Keep the redrive policy; redrive or export what is in a dead-letter queue before another takes its place.",
});

/** From which queues a dead-letter queue takes messages. */
const redriveAllow: Safeguard = {
  weakened(before, after) {
    const [was, is] = [before, after].map((snapshot) =>
      redrives(snapshot, "aws_sqs_queue_redrive_allow_policy", "redrive_allow_policy"),
    ) as [ReturnType<typeof redrives>, ReturnType<typeof redrives>];
    return is.flatMap(({ address, queue, policy }): Weakness[] => {
      const older = was.find((one) => one.queue === queue)?.policy ?? { redrivePermission: "allowAll" };
      const taken = (allowed: typeof policy, source: string) =>
        allowed["redrivePermission"] === "allowAll" ||
        listOf(allowed["sourceQueueArns"]).some((arn) => after.text(arn) === source);
      const sources = after.all(...QUEUE).map((one) => one.address);
      const shutOut = sources.filter(
        (source) => taken(older, source) && !taken(policy, source) && fills(after, source, queue),
      );
      return shutOut.map((source) => ({
        address,
        how: "changed",
        because: [`dead letters that ${queue} takes of ${source}: there → gone`],
        lost: "dead letters: the queue does not take them",
        remedy: "Let redrive_allow_policy name every queue whose dead-letter queue it is.",
      }));
    });
  },
};

function fills(snapshot: Snapshot, source: string, deadLetterQueue: string): boolean {
  return redrives(snapshot, "aws_sqs_queue_redrive_policy", "redrive_policy").some(
    ({ queue, policy }) =>
      queue === source && snapshot.resourceOf(policy["deadLetterTargetArn"], QUEUE) === deadLetterQueue,
  );
}

const encryption: Safeguard = listedSafeguard({
  held: (snapshot) =>
    snapshot.all(...QUEUE).map(({ address, values }) => ({
      key: `encryption of ${address}`,
      address,
      level: onOff(
        values["sqs_managed_sse_enabled"] === true || snapshot.text(values["kms_master_key_id"]) !== "",
      ),
    })),
  isWorse: goesOff,
  lost: "no event, but what keeps strangers from reading them",
  remedy: "Leave sqs_managed_sse_enabled or kms_master_key_id set.",
  absenceLoses: false,
});

/** What of a queue nothing larger gets into, where it is EventBridge that sends: the receiver stores what is larger. */
const largest: Safeguard = listedSafeguard({
  held: (snapshot) => {
    const targets = snapshot
      .all("aws_cloudwatch_event_target")
      .map(({ values }) => snapshot.resourceOf(values["arn"], QUEUE));
    return snapshot
      .all(...QUEUE)
      .filter(({ address }) => targets.includes(address))
      .map(({ address, values }) => ({
        key: `max_message_size of ${address}`,
        address,
        level: numberOf(values["max_message_size"]) ?? 262_144,
      }));
  },
  lost: "EventBridge's events that are larger",
  remedy: "Keep queue.maxMessageBytes.",
  absenceLoses: false,
});

/** Lambda wants a visibility of six times the function's timeout, or an event is delivered twice, and given up early. */
const TIMEOUTS = 6;

const visibility: Safeguard = {
  weakened: (before, after) => {
    const already = new Set(
      before
        .all(...QUEUE)
        .flatMap((queue) => tooShort(queue, before))
        .map(({ because }) => because[0]),
    );
    return after
      .all(...QUEUE)
      .flatMap((queue) => tooShort(queue, after))
      .filter(({ because }) => !already.has(because[0] ?? ""));
  },
};

function tooShort({ address, values }: Resource, snapshot: Snapshot): Weakness[] {
  const seconds = numberOf(values["visibility_timeout_seconds"]) ?? 30;
  return snapshot.all("aws_lambda_event_source_mapping").flatMap(({ values: mapping }) => {
    if (snapshot.resourceOf(mapping["event_source_arn"], QUEUE) !== address) return [];
    const called = snapshot.get(
      snapshot.resourceOf(mapping["function_name"], ["aws_lambda_function"], ["function_name"]),
    );
    const timeout = numberOf(called?.values["timeout"]) ?? 3;
    if (called === undefined || seconds >= TIMEOUTS * timeout) return [];
    return [
      {
        address,
        how: "weakened",
        because: [`visibility_timeout_seconds ${seconds}, timeout of ${called.address} ${timeout}`],
        lost: "attempts: an event is seen again while it is delivered, and is a dead letter after fewer of them",
        remedy: `Let the visibility timeout be ${TIMEOUTS} times the function's timeout at least.`,
      },
    ];
  });
}

export const queues: readonly Safeguard[] = [redrive, redriveAllow, visibility, largest, encryption];
