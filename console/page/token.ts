const KEPT_AS = "console-token";

/**
 * The token of this run: out of the address at first, from where it is taken away so that no bookmark and no picture of
 * the screen has it; then out of this tab's own storage, which another port of this machine cannot read.
 */
export function takeToken(): string | undefined {
  const [, given] = /^#token=([\w-]+)$/.exec(location.hash) ?? [];
  if (given === undefined) return sessionStorage.getItem(KEPT_AS) ?? undefined;
  sessionStorage.setItem(KEPT_AS, given);
  history.replaceState(null, "", location.pathname);
  return given;
}
