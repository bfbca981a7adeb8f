const VERSIONS = { iam: "2010-05-08", sns: "2010-03-31" } as const;

/**
 * Speaks to IAM and SNS over the wire: a few calls do not earn the project two more SDK clients. The emulator takes
 * any signature.
 */
export class QueryProtocolClient {
  readonly #endpoint: string;
  readonly #region: string;

  constructor(endpoint: string, region: string) {
    this.#endpoint = endpoint;
    this.#region = region;
  }

  /**
   * @returns the answer, as XML
   * @throws {Error} where the call is refused
   */
  async call(
    service: keyof typeof VERSIONS,
    action: string,
    input: Readonly<Record<string, string>>,
  ): Promise<string> {
    const answer = await fetch(this.#endpoint, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
        Authorization: `AWS4-HMAC-SHA256 Credential=rehearsal/20260101/${this.#region}/${service}/aws4_request`,
      },
      body: new URLSearchParams({ Action: action, Version: VERSIONS[service], ...input }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${action} answered ${answer.status}: ${text}`);
    return text;
  }
}
