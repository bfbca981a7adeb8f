import { InvalidArgumentError } from "commander";

/** An option's whole number. @throws {InvalidArgumentError} */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It has to be a whole number from ${least} to ${most}.`);
  };
}

/** An option's number, fractions included. @throws {InvalidArgumentError} */
export function numberAbove(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+(\.\d+)?$/.test(text) && number > least && number <= most) return number;
    throw new InvalidArgumentError(`It has to be a number above ${least}, at most ${most}.`);
  };
}
