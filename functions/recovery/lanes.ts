/**
 * Does `work` again and again, so many times side by side, until it says that there is no more to do.
 *
 * @param work returns false where it has found nothing more
 * @throws the first error, after all that was under way has ended: the others then begin nothing new
 */
export async function inLanes(count: number, work: () => Promise<boolean>): Promise<void> {
  let broken: { readonly error: unknown } | undefined;
  const lane = async () => {
    try {
      while (broken === undefined && (await work()));
    } catch (error) {
      broken ??= { error };
    }
  };
  await Promise.all(Array.from({ length: count }, lane));
  if (broken !== undefined) throw broken.error;
}

/** Consecutive parts of so many at most. */
export function chunksOf<T>(all: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < all.length; at += size) chunks.push(all.slice(at, at + size));
  return chunks;
}
