/** The part of a plan that says what would change. */
export function changesOf(plan: string): string {
  const start = plan.indexOf("Terraform will perform");
  return start < 0 ? plan : plan.slice(start).trim();
}
