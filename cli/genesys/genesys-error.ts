/** What went wrong, for code that has to tell cases apart. */
type Kind =
  /** The command line asks for something that there is not. */
  | "usage"
  | "credentials"
  | "region"
  | "permission"
  | "not-found"
  | "ambiguous"
  | "conflict"
  | "invalid"
  | "rate"
  | "server"
  | "timeout"
  | "name-service"
  | "tls"
  | "connection"
  | "unexpected";

interface Details {
  readonly kind: Kind;
  /** One sentence: what happened. */
  readonly message: string;
  /** One sentence: what to do. */
  readonly remedy: string;
  readonly correlationId?: string | undefined;
  /** Seconds that Genesys asks to wait. */
  readonly retryAfterSeconds?: number | undefined;
  /** The request may have been done all the same: nobody saw the answer. */
  readonly unclear?: boolean;
  /** Another attempt may well succeed. */
  readonly passing?: boolean;
}

/** A call of Genesys Cloud that did not succeed: what happened, what to do, and what to quote to Genesys. */
export class GenesysError extends Error {
  readonly kind: Kind;
  readonly remedy: string;
  readonly correlationId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly unclear: boolean;
  readonly passing: boolean;

  constructor({ kind, message, remedy, correlationId, retryAfterSeconds, unclear, passing }: Details) {
    super(message);
    this.name = "GenesysError";
    this.kind = kind;
    this.remedy = remedy;
    this.correlationId = correlationId;
    this.retryAfterSeconds = retryAfterSeconds;
    this.unclear = unclear ?? false;
    this.passing = passing ?? false;
  }

  /** The same as the last word: whoever catches it does not try again. */
  after(attempts: number, milliseconds: number): GenesysError {
    const seconds = Math.round(milliseconds / 1_000);
    const tried = attempts < 2 ? "" : ` ${attempts} attempts were made in ${seconds} s.`;
    return new GenesysError({ ...this, message: `${this.message}${tried}`, passing: false });
  }
}
