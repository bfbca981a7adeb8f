/** The part of a log group that is compared. */
export interface LogGroup {
  readonly logGroupName: string;
  readonly retentionInDays?: number;
  readonly kmsKeyId?: string;
}

/** The part of a rule that is compared. */
export interface EventRule {
  readonly Name?: string;
  readonly ScheduleExpression?: string;
  readonly EventPattern?: string;
  readonly State?: string;
}

/** The part of a rule's target that is compared. */
export interface EventTarget {
  readonly Arn?: string;
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly RetryPolicy?: {
    readonly MaximumEventAgeInSeconds?: number;
    readonly MaximumRetryAttempts?: number;
  };
}

/** The account that moto plays. */
const ACCOUNT = "123456789012";

/**
 * Speaks to CloudWatch Logs and EventBridge over the wire: four calls do not earn the project two more SDK
 * clients. The emulator takes any signature.
 */
export class JsonProtocolClient {
  readonly #endpoint: string;
  readonly #region: string;

  constructor(endpoint: string, region: string) {
    this.#endpoint = endpoint;
    this.#region = region;
  }

  async describeLogGroups(): Promise<readonly LogGroup[]> {
    const { logGroups } = await this.#call<{ logGroups?: LogGroup[] }>(
      "logs",
      "Logs_20140328.DescribeLogGroups",
    );
    return logGroups ?? [];
  }

  /** @param bus the account's own by default */
  async listRules(bus = "default"): Promise<readonly EventRule[]> {
    const input = { EventBusName: bus };
    return (await this.#call<{ Rules?: EventRule[] }>("events", "AWSEvents.ListRules", input)).Rules ?? [];
  }

  async listTargets(rule: string, bus = "default"): Promise<readonly EventTarget[]> {
    const answer = await this.#call<{ Targets?: EventTarget[] }>("events", "AWSEvents.ListTargetsByRule", {
      Rule: rule,
      EventBusName: bus,
    });
    return answer.Targets ?? [];
  }

  async createPartnerEventSource(name: string): Promise<void> {
    await this.#call("events", "AWSEvents.CreatePartnerEventSource", { Name: name, Account: ACCOUNT });
  }

  async #call<T>(service: string, target: string, input: object = {}): Promise<T> {
    const answer = await fetch(this.#endpoint, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": target,
        Authorization: `AWS4-HMAC-SHA256 Credential=rehearsal/20260101/${this.#region}/${service}/aws4_request`,
      },
      body: JSON.stringify(input),
    });
    if (!answer.ok) throw new Error(`${target} answered ${answer.status}`);
    return JSON.parse((await answer.text()) || "{}") as T;
  }
}
