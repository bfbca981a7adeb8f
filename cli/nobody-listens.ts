/** Nobody reads our output any more (`| head`): no error, but there is no point in going on. */
export class NobodyListens extends Error {
  constructor() {
    super("The output has been closed.");
    this.name = "NobodyListens";
  }
}
