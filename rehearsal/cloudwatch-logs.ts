/** The part of a log group that is compared. */
export interface LogGroup {
  readonly logGroupName: string;
  readonly retentionInDays?: number;
}

/**
 * Reads log groups over the wire: one call does not earn the project a seventh SDK client. The emulator
 * takes any signature.
 */
export class CloudWatchLogsReader {
  readonly #endpoint: string;
  readonly #region: string;

  constructor(endpoint: string, region: string) {
    this.#endpoint = endpoint;
    this.#region = region;
  }

  async describeLogGroups(): Promise<readonly LogGroup[]> {
    const answer = await fetch(this.#endpoint, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "Logs_20140328.DescribeLogGroups",
        Authorization: `AWS4-HMAC-SHA256 Credential=rehearsal/20260101/${this.#region}/logs/aws4_request`,
      },
      body: "{}",
    });
    if (!answer.ok) throw new Error(`DescribeLogGroups answered ${answer.status}`);
    return ((await answer.json()) as { logGroups?: LogGroup[] }).logGroups ?? [];
  }
}
