/** `START`, `END` and `REPORT`, as Lambda writes them around each invocation unless it is told otherwise: assumed. */
const DEFAULT_LINES = { lines: 3, bytes: 350 };
/** CloudWatch counts so many more for each line. */
const BYTES_A_LINE = 26;

/** Bytes that CloudWatch bills for what Lambda itself writes of an invocation that went well, by default. */
export const DEFAULT_PLATFORM_BYTES = DEFAULT_LINES.bytes + DEFAULT_LINES.lines * BYTES_A_LINE;

/** Of a function as it is deployed. @param logging its `logging_config`, where it has one */
export function platformBytes(logging?: {
  readonly log_format?: string;
  readonly system_log_level?: string;
}): number {
  const silent = logging?.log_format === "JSON" && logging.system_log_level === "WARN";
  return silent ? 0 : DEFAULT_PLATFORM_BYTES;
}
