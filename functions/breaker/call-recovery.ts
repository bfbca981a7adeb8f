import { type ClientBounds, clientConfig, type Endpoint } from "../runtime/clients.ts";

/**
 * Asks recovery to act at once, without waiting for what it does. The Lambda client is loaded when the
 * breaker opens, which most invocations never see.
 */
export function callRecovery(functionName: string, client: ClientBounds & Endpoint): () => Promise<void> {
  return async () => {
    const { InvokeCommand, LambdaClient } = await import("@aws-sdk/client-lambda");
    const lambda = new LambdaClient(clientConfig(client));
    await lambda.send(new InvokeCommand({ FunctionName: functionName, InvocationType: "Event" }));
    lambda.destroy();
  };
}
