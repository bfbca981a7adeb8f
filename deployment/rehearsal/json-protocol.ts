/** The account that moto plays. */
const ACCOUNT = "123456789012";

/**
 * Speaks to CloudWatch Logs and EventBridge over the wire: a few calls do not earn the project two more SDK
 * clients. The emulator takes any signature.
 */
export class JsonProtocolClient {
  readonly #endpoint: string;
  readonly #region: string;

  constructor(endpoint: string, region: string) {
    this.#endpoint = endpoint;
    this.#region = region;
  }

  async countLogGroups(): Promise<number> {
    const target = "Logs_20140328.DescribeLogGroups";
    const { logGroups } = await this.#call<{ logGroups?: unknown[] }>("logs", target);
    return logGroups?.length ?? 0;
  }

  /** The rules on the account's own bus. */
  async countRules(): Promise<number> {
    const { Rules } = await this.#call<{ Rules?: unknown[] }>("events", "AWSEvents.ListRules");
    return Rules?.length ?? 0;
  }

  async disableRule(name: string): Promise<void> {
    await this.#call("events", "AWSEvents.DisableRule", { Name: name });
  }

  async removeTargets(rule: string): Promise<void> {
    const { Targets = [] } = await this.#call<{ Targets?: { Id: string }[] }>(
      "events",
      "AWSEvents.ListTargetsByRule",
      { Rule: rule },
    );
    await this.#call("events", "AWSEvents.RemoveTargets", { Rule: rule, Ids: Targets.map(({ Id }) => Id) });
  }

  async putRetention(logGroup: string, days: number): Promise<void> {
    const input = { logGroupName: logGroup, retentionInDays: days };
    await this.#call("logs", "Logs_20140328.PutRetentionPolicy", input);
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
