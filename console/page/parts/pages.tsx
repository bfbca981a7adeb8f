import { count } from "../format.ts";

interface PagesProps {
  readonly page: number;
  readonly pages: number;
  /** The address of a page. */
  readonly to: (page: number) => string;
}

/** From page to page, where there are several. */
export function Pages({ page, pages, to }: PagesProps) {
  if (pages <= 1) return null;
  return (
    <nav class="pages" aria-label="Pages">
      {page > 0 ? <a href={to(page - 1)}>Newer</a> : <span class="quiet">Newer</span>}
      <span>
        Page {count(page + 1)} of {count(pages)}
      </span>
      {page + 1 < pages ? <a href={to(page + 1)}>Older</a> : <span class="quiet">Older</span>}
    </nav>
  );
}
