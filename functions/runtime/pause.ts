/** Waits, by the global timer: in the simulation that one is virtual. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
