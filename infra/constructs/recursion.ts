import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import { LambdaFunctionRecursionConfig } from "@cdktf/provider-aws/lib/lambda-function-recursion-config/index.js";
import type { Construct } from "constructs";

/**
 * Lets a function take part in a loop. Lambda ends a chain of functions and queues after 16 hops or so, and the
 * event that was on its way goes to the dead-letter queue without an attempt. Here such chains are by design, and
 * each has a brake of its own: the processor requeues an event while the breaker is open (a hop a receive),
 * recovery redrives a few times, and its next run follows while there is work.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
export function allowRecursion(scope: Construct, { functionName }: LambdaFunction): void {
  new LambdaFunctionRecursionConfig(scope, "recursion", { functionName, recursiveLoop: "Allow" });
}
