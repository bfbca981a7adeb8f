import type { Permissions } from "../permissions/permissions.ts";
import { failed, type InvocationResult } from "./invocation-result.ts";

export interface ServiceCallPorts {
  /** Of the HTTP API. */
  readonly executionArn: string;
  /** Waits for the answer. */
  readonly invoke: (functionArn: string, event: unknown) => Promise<InvocationResult>;
  /** Takes the event; it is not waited for. */
  readonly accept: (functionArn: string, event: unknown) => void;
}

const ACTION = "lambda:InvokeFunction";

/** How AWS's own services call functions: only where the function's policy lets them. */
export class ServiceCalls {
  readonly #permissions: Permissions;
  readonly #ports: ServiceCallPorts;

  constructor(permissions: Permissions, ports: ServiceCallPorts) {
    this.#permissions = permissions;
    this.#ports = ports;
  }

  /** A request to the HTTP API; one that may not be handed on is answered with 500, as API Gateway does. */
  readonly fromApi = (
    functionArn: string,
    event: unknown,
    { method, path }: { readonly method: string; readonly path: string },
  ): Promise<InvocationResult> => {
    const source = `${this.#ports.executionArn}/$default/${method}${path}`;
    if (this.#may("apigateway.amazonaws.com", functionArn, source))
      return this.#ports.invoke(functionArn, event);
    const errorMessage = `${source} may not invoke it`;
    return Promise.resolve(failed({ errorType: "AccessDeniedException", errorMessage }));
  };

  /** A rule's target; one that may not be called is not. */
  readonly fromRule = (ruleArn: string, functionArn: string, event: unknown): void => {
    if (this.#may("events.amazonaws.com", functionArn, ruleArn)) this.#ports.accept(functionArn, event);
  };

  /** A rule's event on its way to a queue. */
  readonly ruleMaySend = (ruleArn: string, queueArn: string): boolean =>
    this.#permissions.serviceMay("events.amazonaws.com", {
      action: "sqs:SendMessage",
      resource: queueArn,
      context: { "aws:SourceArn": ruleArn },
    });

  #may(service: string, functionArn: string, source: string): boolean {
    const context = { "aws:SourceArn": source };
    return this.#permissions.serviceMay(service, { action: ACTION, resource: functionArn, context });
  }
}
