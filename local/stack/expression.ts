/** `aws_sqs_queue.queues_main.url` */
export interface Reference {
  readonly address: string;
  readonly attribute: string;
}

const REFERENCE = /^((?:data\.)?[a-z][a-z0-9_]*\.[A-Za-z_][\w-]*)\.([a-z][a-z0-9_]*)$/;

/**
 * A Terraform string with its `${…}` filled in. References to attributes are all that the stack uses; any
 * other expression is an error, for a wrong guess would run something else than what would be deployed.
 *
 * @throws {Error} quoting the expression that is not understood
 */
export function interpolate(text: string, resolve: (reference: Reference) => string): string {
  return text.replace(/\$\$\{|%%\{|%\{|\$\{([^{}"]*)\}|\$\{/g, (match, expression: string | undefined) => {
    if (match === "$${" || match === "%%{") return match.slice(1);
    const [, address, attribute] = REFERENCE.exec(expression?.trim() ?? "") ?? [];
    if (address === undefined || attribute === undefined) {
      throw new Error(`does not understand the expression ${quote(text, match)}`);
    }
    return resolve({ address, attribute });
  });
}

/** The expression as it stands in the text, from its opening on. */
function quote(text: string, match: string): string {
  const at = text.indexOf(match);
  const rest = text.slice(at);
  const end = rest.indexOf("}");
  return end === -1 ? rest.slice(0, 80) : rest.slice(0, Math.min(end + 1, 200));
}
