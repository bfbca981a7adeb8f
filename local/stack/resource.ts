import { StackError } from "../stack-error.ts";

/** A resource of `cdk.tf.json`, as it stands there. */
export interface RawResource {
  /** `aws_sqs_queue` */
  readonly type: string;
  /** `aws_sqs_queue.queues_main` */
  readonly address: string;
  /** Where the construct is in the program: `dev/queues/main/Default`. */
  readonly constructPath: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A resource with every `${…}` filled in as it is asked for. Each reader throws {@link StackError}. */
export class Resource {
  readonly raw: RawResource;
  readonly #fill: (text: string) => string;

  constructor(raw: RawResource, fill: (text: string) => string) {
    this.raw = raw;
    this.#fill = fill;
  }

  get address(): string {
    return this.raw.address;
  }

  /** The value at a dot path (`environment.variables`); a list of one block counts as the block. */
  value(path: string): unknown {
    let value: unknown = this.raw.attributes;
    for (const key of path.split(".")) {
      if (Array.isArray(value) && value.length === 1) value = value[0];
      if (typeof value !== "object" || value === null) return undefined;
      value = (value as Record<string, unknown>)[key];
    }
    return this.#filled(value);
  }

  text(path: string): string {
    return this.required(path, this.optionalText(path));
  }

  optionalText(path: string): string | undefined {
    return this.#typed(path, "string", (value): value is string => typeof value === "string");
  }

  number(path: string, fallback: number): number {
    return this.#typed(path, "number", (value): value is number => typeof value === "number") ?? fallback;
  }

  flag(path: string, fallback: boolean): boolean {
    return this.#typed(path, "boolean", (value): value is boolean => typeof value === "boolean") ?? fallback;
  }

  texts(path: string): readonly string[] {
    const isTexts = (value: unknown): value is string[] =>
      Array.isArray(value) && value.every((item) => typeof item === "string");
    return this.#typed(path, "list of strings", isTexts) ?? [];
  }

  /** A map of strings, such as a function's variables. */
  textMap(path: string): Readonly<Record<string, string>> {
    const isTextMap = (value: unknown): value is Record<string, string> =>
      typeof value === "object" &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((item) => typeof item === "string");
    return this.#typed(path, "map of strings", isTextMap) ?? {};
  }

  /** Stops the run. */
  refuse(finding: string): never {
    throw new StackError(`${this.raw.address} (${this.raw.constructPath})`, finding);
  }

  required<T>(path: string, value: T | undefined): T {
    return value ?? this.refuse(`has no ${path}`);
  }

  #typed<T>(path: string, type: string, is: (value: unknown) => value is T): T | undefined {
    const value = this.value(path);
    if (value === undefined || value === null) return undefined;
    return is(value) ? value : this.refuse(`${path} is not a ${type}`);
  }

  #filled(value: unknown): unknown {
    if (typeof value === "string") return this.#fillText(value);
    if (Array.isArray(value)) return value.map((item) => this.#filled(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#filled(item)]));
  }

  #fillText(text: string): string {
    try {
      return this.#fill(text);
    } catch (error) {
      if (error instanceof StackError) throw error;
      return this.refuse((error as Error).message);
    }
  }
}
