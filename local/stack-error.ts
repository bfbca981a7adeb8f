/** The local run does not understand the synthesised stack: it says where, and runs nothing. */
export class StackError extends Error {
  constructor(where: string, finding: string) {
    super(`${where}: ${finding}`);
    this.name = "StackError";
  }
}
