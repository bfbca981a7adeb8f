import { randomUUID } from "node:crypto";
import { ApiError, notFound } from "./answers.ts";

/** What the organisation has of one kind. */
export class Kept<T extends { readonly id: string; readonly name: string }> {
  readonly all: T[] = [];
  readonly #uniqueNames: () => boolean;

  /** @param uniqueNames the platform does not promise it, so the stand-in allows doubles unless it is told not to */
  constructor(uniqueNames: () => boolean) {
    this.#uniqueNames = uniqueNames;
  }

  /** @throws {ApiError} 404 */
  get(id: string): T {
    const found = this.all.find((each) => each.id === id);
    if (!found) throw notFound();
    return found;
  }

  /** @throws {ApiError} 409 where names are unique and this one is taken */
  add(thing: Omit<T, "id">): T {
    if (this.#uniqueNames() && this.all.some(({ name }) => name === thing.name)) {
      throw new ApiError(409, "general.conflict", `An object with the name ${thing.name} already exists.`);
    }
    const kept = { ...thing, id: randomUUID() } as T;
    this.all.push(kept);
    return kept;
  }

  /** @throws {ApiError} 404 */
  replace(id: string, thing: T): T {
    this.all[this.all.indexOf(this.get(id))] = thing;
    return thing;
  }

  /** @throws {ApiError} 404 */
  delete(id: string): void {
    this.all.splice(this.all.indexOf(this.get(id)), 1);
  }
}
