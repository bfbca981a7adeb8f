import { unexpected } from "./explain.ts";

/** One page of a list, and where the next one is. */
export interface Page {
  readonly entities: readonly unknown[];
  /** From `/api/v2` on; absent on the last page. */
  readonly next: string | undefined;
}

/** The path of a list's first page, with the largest number of entities that all lists give. */
export function firstPage(path: string, apiUrl: string): string {
  const url = new URL(path, apiUrl);
  url.searchParams.set("pageSize", "100");
  return pathOf(url);
}

/**
 * Reads a page: the next one is at the address that it names, or follows by number.
 *
 * @throws {GenesysError} for an address at another host: a token goes nowhere else, whatever an answer says
 */
export function readPage(answer: unknown, path: string, apiUrl: string, doing: string): Page {
  const { entities, nextUri, pageNumber, pageCount } = (answer ?? {}) as Readonly<Record<string, unknown>>;
  if (!Array.isArray(entities)) throw unexpected(`The answer is no list: it could not ${doing}.`);
  if (typeof nextUri === "string" && nextUri !== "") {
    const url = URL.parse(nextUri, apiUrl);
    if (url?.origin === new URL(apiUrl).origin) return { entities, next: pathOf(url) };
    throw unexpected(`The next page is said to be at another host: it could not ${doing}.`);
  }
  if (typeof pageNumber !== "number" || typeof pageCount !== "number" || pageNumber >= pageCount) {
    return { entities, next: undefined };
  }
  const url = new URL(path, apiUrl);
  url.searchParams.set("pageNumber", String(pageNumber + 1));
  return { entities, next: pathOf(url) };
}

function pathOf({ pathname, search }: URL): string {
  return `${pathname}${search}`;
}
