/** A call that the service would refuse, and as what. */
export class ServiceError extends Error {
  /** The exception, as the service's API names it. */
  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}
