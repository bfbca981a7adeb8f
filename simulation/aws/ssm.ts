import type { GetParameterRequest } from "@aws-sdk/client-ssm";
import type { VirtualClock } from "../clock.ts";
import type { Caller } from "./calls.ts";
import { AwsError, ModelError, throttled } from "./errors.ts";

/** Of an account, by default: https://docs.aws.amazon.com/general/latest/gr/ssm.html */
const READS_A_SECOND = 40;

/** The parameter store. */
export class ParameterStore {
  readonly #clock: VirtualClock;
  readonly #values: Map<string, string>;
  #second = 0;
  #reads = 0;

  constructor(clock: VirtualClock, values: ReadonlyMap<string, string>) {
    this.#clock = clock;
    this.#values = new Map(values);
  }

  set(name: string, value: string): void {
    this.#values.set(name, value);
  }

  /** Every parameter has that value from now on. */
  replaceAll(value: string): void {
    for (const name of this.#values.keys()) this.#values.set(name, value);
  }

  readonly operate = (operation: string, input: never, _caller: Caller): unknown => {
    if (operation !== "GetParameter")
      throw new ModelError(`The parameter store's model does not know ${operation}`);
    const second = Math.floor(this.#clock.now / 1000);
    if (second !== this.#second) [this.#second, this.#reads] = [second, 0];
    if (++this.#reads > READS_A_SECOND) throw throttled();
    const { Name = "" } = input as GetParameterRequest;
    const value = this.#values.get(Name);
    if (value === undefined) throw new AwsError("ParameterNotFound", "The parameter does not exist");
    return { Parameter: { Name, Value: value } };
  };
}
