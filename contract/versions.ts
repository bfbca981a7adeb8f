/** Whether `version` is `than` or newer; both are numbers with dots between, `6.21.0`. */
export function isAtLeast(version: string, than: string): boolean {
  return version.localeCompare(than, "en", { numeric: true }) >= 0;
}
