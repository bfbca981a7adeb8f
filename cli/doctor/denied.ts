/** Whether AWS has answered that these credentials may not ask; services spell it in two ways. */
export function isDenied({ name }: Error): boolean {
  return name === "AccessDenied" || name === "AccessDeniedException";
}
