/** What a list takes. */
export interface PageQuery {
  readonly pageSize?: string;
  readonly pageNumber?: string;
  readonly after?: string;
}

/** A page by number, with the addresses of its neighbours: most of the platform's lists. */
export function numberedPage<T>(path: string, all: readonly T[], query: PageQuery, standard = 25) {
  const pageSize = Math.min(Number(query.pageSize ?? standard), 100);
  const pageNumber = Number(query.pageNumber ?? 1);
  const pageCount = Math.max(1, Math.ceil(all.length / pageSize));
  const uri = (number: number) => `${path}?pageSize=${pageSize}&pageNumber=${number}`;
  return {
    entities: all.slice((pageNumber - 1) * pageSize, pageNumber * pageSize),
    pageSize,
    pageNumber,
    total: all.length,
    pageCount,
    firstUri: uri(1),
    selfUri: uri(pageNumber),
    lastUri: uri(pageCount),
    ...(pageNumber > 1 ? { previousUri: uri(pageNumber - 1) } : {}),
    ...(pageNumber < pageCount ? { nextUri: uri(pageNumber + 1) } : {}),
  };
}

/** A page that names only the next one, by a cursor: triggers. */
export function cursorPage<T extends { readonly id: string }>(
  path: string,
  all: readonly T[],
  query: PageQuery,
) {
  const pageSize = Math.min(Number(query.pageSize ?? 25), 200);
  const start = all.findIndex(({ id }) => id === query.after) + 1;
  const entities = all.slice(start, start + pageSize);
  const last = entities.at(-1);
  return {
    entities,
    ...(last !== undefined && start + pageSize < all.length
      ? { nextUri: `${path}?pageSize=${pageSize}&after=${last.id}` }
      : {}),
  };
}
