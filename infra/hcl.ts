/**
 * What cdktf leaves wrong in its HCL: it can write nothing in the `terraform` block beside providers and
 * backend, and it quotes what `depends_on` and `ignore_changes` name, which Terraform warns of.
 *
 * @param versions of Terraform itself that the stack takes
 */
export function mendHcl(hcl: string, versions: string): string {
  const unquoted = hcl.replace(/^\s*(?:depends_on|ignore_changes) = \[[^\]]*\]/gm, (list) =>
    list.replaceAll('"', ""),
  );
  return `${unquoted}\n\nterraform {\n  required_version = "${versions}"\n}\n`;
}
