import type { Grant } from "../grants.ts";
import { UNKNOWN } from "../planned.ts";
import type { Snapshot } from "../snapshot.ts";
import { linesOf } from "../statements.ts";
import { covers } from "./covers.ts";
import { functionsIn, type Holder, ROLE } from "./grants-in.ts";
import { holdersOfPolicies, resourcePolicies } from "./resource-policies.ts";
import type { Safeguard } from "./safeguard.ts";

/** What a function tells of itself: nothing of an event's way depends on it. */
const TELLS = /^(logs|xray|cloudwatch):/i;

/** Which key is used may change; keys.ts holds what has to stay. */
const USES_KEY = /^kms:/i;

/** A call without TLS is refused: that shuts out nobody who is wanted. */
const isTlsOnly = ({ effect, condition: [test, ...more] }: Grant) =>
  effect === "deny" &&
  more.length === 0 &&
  test?.operator === "Bool" &&
  test.name === "aws:SecureTransport" &&
  test.values.join() === "false";

/** By address, in lines: what was allowed or refused and is so no longer, and what is newly refused. */
function changesOf(was: readonly Holder[], is: readonly Holder[], before: Snapshot, after: Snapshot) {
  const [old, young] = [was, is].map((holders) => holders.flatMap(({ grants }) => grants)) as [
    Grant[],
    Grant[],
  ];
  const covered = (grants: readonly Grant[], grant: Grant) => grants.some((one) => covers(one, grant));
  const removed = (grant: Grant) =>
    !TELLS.test(grant.action) && !covered(young, grant) && !isAboutGone(grant, before, after);
  const denied = (grant: Grant) =>
    grant.effect === "deny" &&
    !isTlsOnly(grant) &&
    !covered(old, grant) &&
    !isAboutGone(grant, after, before);
  return [
    ...was.map(({ address, grants }) => [address, linesOf(grants.filter(removed)), "there → gone"] as const),
    ...is.map(({ address, grants }) => [address, linesOf(grants.filter(denied)), "new"] as const),
    ...is
      .filter(
        ({ address, isUnreadable }) =>
          isUnreadable && was.some((one) => one.address === address && !one.isUnreadable),
      )
      .map(({ address }) => [address, ["what its policy says"], UNKNOWN] as const),
  ].flatMap(([address, lines, change]) => lines.map((line) => ({ address, because: `${line}: ${change}` })));
}

/** Whether it is about something that the plan destroys, and tells of by itself. */
function isAboutGone(grant: Grant, before: Snapshot, after: Snapshot): boolean {
  const [line = ""] = linesOf([grant]);
  const addresses = line.match(/\baws_[a-z0-9_]+\.[A-Za-z0-9_-]+/g) ?? [];
  return addresses.some((address) => before.get(address) !== undefined && after.get(address) === undefined);
}

/** What functions may is what they need: what they lose, events wait for or are refused for. */
const ofFunctions: Safeguard = {
  weakened(before, after) {
    const old = new Map(functionsIn(before).map((holder) => [holder.address, holder]));
    return functionsIn(after).flatMap((holder) => {
      const was = old.get(holder.address);
      if (was === undefined) return [];
      const changes = changesOf([withoutKeys(was)], [withoutKeys(holder)], before, after).map(
        ({ because }) => because,
      );
      const because = [...changes, ...boundary(holder.address, before, after)];
      if (because.length === 0) return [];
      return [
        {
          address: holder.address,
          how: "weakened" as const,
          because,
          lost: "events that it may no longer take, store, read, deliver or bring back",
          remedy: "See that its code needs this no longer, and deploy that code first.",
        },
      ];
    });
  },
};

function withoutKeys(holder: Holder): Holder {
  return { ...holder, grants: holder.grants.filter(({ action }) => !USES_KEY.test(action)) };
}

/** What bounds a role may forbid anything. */
function boundary(address: string, before: Snapshot, after: Snapshot): string[] {
  const [was, is] = [before, after].map((snapshot) => {
    const role = snapshot.resourceOf(snapshot.get(address)?.values["role"], [ROLE], ["name"]);
    return snapshot.text(snapshot.get(role)?.values["permissions_boundary"]);
  }) as [string, string];
  return is === "" || is === was ? [] : [`permissions boundary: ${was || "none"} → ${is}`];
}

const OF_RESOURCES = {
  how: "weakened",
  lost: "events and alarms of whoever may no longer call; or, of a refusal that is gone, what keeps strangers out",
  remedy: "Keep the statement, or take away first whatever needs it.",
} as const;

/** What has a policy: what a policy says is of no use where it stands elsewhere. */
const policyAtAll: Safeguard = {
  weakened(before, after) {
    const left = new Set(holdersOfPolicies(after).map(({ target }) => target));
    return holdersOfPolicies(before)
      .filter(({ target }) => !left.has(target) && after.get(target) !== undefined)
      .map(({ address, target }) => ({
        address,
        because: [`policy of ${target}: there → gone`],
        ...OF_RESOURCES,
      }));
  },
};

/** Who may call a function, use a key, send to a queue or a topic; and who may not. */
const ofResources: Safeguard = {
  weakened: (before, after) =>
    changesOf(resourcePolicies(before), resourcePolicies(after), before, after).map(
      ({ address, because }) => ({ address, because: [because], ...OF_RESOURCES }),
    ),
};

export const permissionSafeguards: readonly Safeguard[] = [ofFunctions, ofResources, policyAtAll];
