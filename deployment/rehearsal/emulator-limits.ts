/**
 * What moto cannot take as AWS does: what was done about it, and what a rehearsal therefore does not show. An empty
 * plan says that the cloud holds what was asked, of every attribute that the provider reads there. Which ones it
 * does not read was found once by changing all of them in a state file and planning against moto.
 *
 * @param foreignState why `cdktf deploy` was left out, if it was
 * @param runtime which runtime was rehearsed in place of the stack's, and why, if one was
 */
export function emulatorLimits(
  motoVersion: string,
  foreignState: string | undefined,
  runtime?: string,
): string {
  const helped = [
    "RedriveAllowPolicy of a queue, which moto forgets, is kept by deployment/rehearsal/moto_server.py;",
    "a queue's Policy is kept where another attribute is set, and its RedrivePolicy answered as SQS spells it;",
    "whether a function may take part in a loop (its recursion configuration) is kept, and no loop is ended;",
    "how a function logs is kept, and nothing is logged;",
    "a domain name of the team's own is there at once, and the partner event source that Genesys makes is made;",
    "a queue has SQS's own encryption or a key, and a log group gets another key; nothing is really encrypted;",
    "a bucket's policy is stored and not enforced: nothing here comes by TLS.",
  ];
  const leftOut = [
    "functions are stored and described, not run; the mapping polls nothing, the schedule calls nothing (npm start does);",
    "roles and policies are stored and not enforced; the alarm is stored and not evaluated;",
    "the gateway is described and answers no request, its CORS preflight included.",
    ...(foreignState === undefined ? [] : [`cdktf deploy of this environment: ${foreignState}.`]),
    ...(runtime === undefined ? [] : [`${runtime}.`]),
  ];
  const notPlanned = [
    "a bus's partner event source, which the provider takes from its state (a function's code too: that is compared);",
    "a secret's value and whether the mapping is on, which the stack leaves to others (doctor looks at both).",
  ];
  return [
    `What the emulator (moto ${motoVersion}) cannot take`,
    "  helped with:",
    ...helped.map((line) => `    ${line}`),
    "  left out:",
    ...leftOut.map((line) => `    ${line}`),
    "  not shown by an empty plan:",
    ...notPlanned.map((line) => `    ${line}`),
  ].join("\n");
}
