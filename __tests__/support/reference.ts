/** A Terraform expression as `cdk.tf.json` holds it: `reference("a.b.c")` is `${a.b.c}`. */
export function reference(expression: string): string {
  return ["$", "{", expression, "}"].join("");
}
