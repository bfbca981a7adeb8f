/** What is offered at the end of a line, by every shell. */
export const completionCases: readonly [line: string, offers: readonly string[]][] = [
  ["genesys-dlq bre", ["breaker"]],
  ["genesys-dlq breaker ", ["open", "close", "status", "help"]],
  ["genesys-dlq dlq re", ["redrive"]],
  ["genesys-dlq dlq redrive --ra", ["--rate"]],
  ["genesys-dlq dlq redrive --dry-run --js", ["--json"]],
  ["genesys-dlq --json breaker op", ["open"]],
  ["genesys-dlq dlq list --class ", ["malformed", "permanent", "exhausted", "crashed", "unqueued"]],
  ["genesys-dlq dlq list --class ex", ["exhausted"]],
  ["genesys-dlq dlq import --to q", ["queue"]],
  ["genesys-dlq genesys webhooks create --oauth t", ["tutorial"]],
  ["genesys-dlq genesys webhooks list --genesys-r", ["--genesys-region"]],
  ["genesys-dlq completion ", ["bash", "zsh"]],
  ["genesys-dlq dlq export --outputs ", []],
  ["genesys-dlq nothing --x", []],
];
