/** What Lambda answers for a function that failed. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** What a synchronous invocation answers: the function's JSON, or its error, as Lambda words it. */
export type InvocationResult =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly error: FunctionError };

export function failed(error: FunctionError): InvocationResult {
  return { ok: false, error };
}

export function timedOut(requestId: string, seconds: number): InvocationResult {
  const text = `Task timed out after ${seconds.toFixed(2)} seconds`;
  return failed({ errorType: "Sandbox.Timedout", errorMessage: `RequestId: ${requestId} Error: ${text}` });
}

export function exited(requestId: string, code: number | null, signal: string | null): InvocationResult {
  const how = signal === null ? `exit status ${code ?? 0}` : `signal: ${signalName(signal)}`;
  const text = `Runtime exited with error: ${how}`;
  return failed({ errorType: "Runtime.ExitError", errorMessage: `RequestId: ${requestId} Error: ${text}` });
}

function signalName(signal: string): string {
  return signal === "SIGKILL" ? "killed" : signal.replace(/^SIG/, "").toLowerCase();
}
