/** A number and what it counts, in the form that goes with it: `1 dead letter`, `0 dead letters`, `1 is left`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
