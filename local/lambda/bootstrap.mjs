/**
 * What runs in the process of one execution environment: loads the handler, then calls it for each
 * invocation that the parent sends. It speaks with the parent over the fork's channel only.
 *
 * in:  {type: "init", task, handler, failures}   {type: "invoke", requestId, event, deadline, context}
 * `failures` is the channel on which a function publishes what the team's own code has thrown.
 *
 * out: {type: "handler-failed", eventId, error}, whenever it happens
 *      {type: "ready"}  {type: "init-error", error}  {type: "result", payload}  {type: "error", error}
 */
import { subscribe } from "node:diagnostics_channel";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

// Ctrl-C reaches the whole process group; the parent lets what is running finish, and then ends it.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
// However the parent ended, nobody is left behind.
process.on("disconnect", () => process.exit(0));

let handler;

process.on("message", async (message) => {
  if (message.type === "init") return send(await load(message));
  if (message.type === "invoke") return send(await invoke(message));
});

process.on("uncaughtException", (error) => fatal(error, error?.name ?? "Error"));
process.on("unhandledRejection", (reason) => fatal(reason, "Runtime.UnhandledPromiseRejection"));

async function load({ task, handler: name, failures }) {
  subscribe(failures, ({ eventId, error }) =>
    send({ type: "handler-failed", eventId, error: describe(error) }),
  );
  const at = name.lastIndexOf(".");
  try {
    const module = await import(pathToFileURL(join(task, `${name.slice(0, at)}.mjs`)).href);
    handler = module[name.slice(at + 1)];
  } catch (error) {
    return { type: "init-error", error: describe(error) };
  }
  if (typeof handler === "function") return { type: "ready" };
  const errorMessage = `${name} is undefined or not exported`;
  return { type: "init-error", error: { errorType: "Runtime.HandlerNotFound", errorMessage, trace: [] } };
}

async function invoke({ requestId, event, deadline, context }) {
  const getRemainingTimeInMillis = () => Math.max(0, deadline - Date.now());
  const given = {
    ...context,
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis,
  };
  try {
    const result = await handler(JSON.parse(event), given);
    return { type: "result", payload: JSON.stringify(result) ?? "null" };
  } catch (error) {
    return { type: "error", error: describe(error) };
  }
}

function describe(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return {
    errorType: error.name,
    errorMessage: messageOf(error),
    trace: (error.stack ?? "").split("\n"),
  };
}

/** What `fetch` says for itself is nothing: its cause is what happened. */
function messageOf({ message, cause }) {
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

function fatal(error, errorType) {
  const answer = { type: "error", error: { ...describe(error), errorType }, fatal: true };
  send(answer, () => process.exit(1));
}

function send(message, then) {
  if (process.connected) process.send(message, then);
}
