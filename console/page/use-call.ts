import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Calls, Change } from "../api.ts";
import { type CallError, call } from "./call.ts";
import { onChange } from "./changes.ts";

/** What a panel knows: the last answer stays there while a newer one is waited for, or does not come. */
export interface Asked<Output> {
  readonly data: Output | undefined;
  readonly error: CallError | undefined;
  /** Asks anew. */
  readonly reload: () => void;
}

interface Pace {
  /** Asks again after so many seconds, while the page can be seen; without it, never by itself. */
  readonly seconds?: number | undefined;
  /** Asks again when the server says that this has changed. */
  readonly on?: Change;
  /** Asks again when this is another one: what the answer is made from. */
  readonly from?: string | undefined;
}

/** Asks the server, and again at its pace. Without an input, it does not ask. */
export function useCall<Name extends keyof Calls>(
  name: Name,
  input: Calls[Name]["input"] | undefined,
  { seconds, on, from }: Pace = {},
): Asked<Calls[Name]["output"]> {
  const [state, setState] = useState<Omit<Asked<Calls[Name]["output"]>, "reload">>(NOTHING);
  const key = input === undefined ? undefined : JSON.stringify(input);
  const latest = useRef(0);
  const reload = useCallback(() => {
    if (key === undefined) return Promise.resolve();
    const mine = ++latest.current;
    return call(name, JSON.parse(key) as Calls[Name]["input"]).then(
      (data) => {
        if (mine === latest.current) setState({ data, error: undefined });
      },
      (error: CallError) => {
        if (mine === latest.current) setState(({ data }) => ({ data, error }));
      },
    );
  }, [name, key]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const isPaced = seconds !== undefined || on !== undefined;
    const ask = async () => {
      clearTimeout(timer);
      if (!isPaced || document.visibilityState === "visible") await reload();
      clearTimeout(timer); // another one may have been set meanwhile
      if (!over && seconds !== undefined) timer = setTimeout(ask, seconds * 1_000);
    };
    void ask();
    if (isPaced) document.addEventListener("visibilitychange", ask);
    const off = on === undefined ? () => {} : onChange(on, ask);
    return () => {
      over = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", ask);
      off();
    };
  }, [reload, seconds, on, from]);

  return { ...state, reload };
}

const NOTHING = { data: undefined, error: undefined };
