import type { Caller } from "./calls.ts";

/** One sandbox of a function: the memory of one loaded handler, which dies as a whole. */
export class ExecutionEnvironment implements Caller {
  readonly name: string;
  readonly functionName: string;
  /** By how much its clock is ahead, milliseconds. */
  readonly skewMilliseconds: number;
  alive = true;
  /** Of the event that it is at. */
  hops = 0;
  /** Called when it dies; set while an invocation runs. */
  onDeath: (why: string) => void = () => {};

  constructor(functionName: string, number: number, skewMilliseconds: number) {
    this.functionName = functionName;
    this.name = `${functionName}/${number}`;
    this.skewMilliseconds = skewMilliseconds;
  }

  die(why: string): void {
    if (!this.alive) return;
    this.alive = false;
    this.onDeath(why);
  }
}
