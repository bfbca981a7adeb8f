import { useEffect, useState } from "preact/hooks";
import { type FilterName, type FilterWords, filterNames } from "../../api.ts";
import { hrefOf } from "../route.ts";

/** The command's filters, with what each takes. */
const HINTS: Readonly<Record<FilterName, string>> = {
  class: "permanent, exhausted",
  status: "422, 5xx, none",
  source: "webhook",
  type: "v2.detail.*",
  reason: "contains",
  since: "2h, 2026-11-24T08:00Z",
  until: "30m",
  id: "how it begins",
  conversation: "how it begins",
  cause: "5b1f0c22",
};

/** Chooses by what is typed, once it is sent off; what is chosen stands in the address. */
export function Filters({ filter }: { readonly filter: FilterWords }) {
  const [words, setWords] = useState(filter);
  const key = JSON.stringify(filter);
  useEffect(() => setWords(JSON.parse(key) as FilterWords), [key]);
  const go = (chosen: FilterWords) => {
    const given = Object.entries(chosen).filter(([, value]) => value.trim() !== "");
    location.hash = hrefOf({ view: "dead-letters", filter: Object.fromEntries(given), page: 0 });
  };
  return (
    <form
      class="panel filters"
      aria-label="Filters"
      onSubmit={(event) => {
        event.preventDefault();
        go(words);
      }}
    >
      {filterNames.map((name) => (
        <label key={name}>
          {name}
          <input
            type="text"
            value={words[name] ?? ""}
            placeholder={HINTS[name]}
            onInput={({ currentTarget }) => setWords({ ...words, [name]: currentTarget.value })}
          />
        </label>
      ))}
      <span class="buttons">
        <button type="submit" class="primary">
          Choose
        </button>
        <button type="button" onClick={() => go({})}>
          Clear
        </button>
      </span>
    </form>
  );
}
