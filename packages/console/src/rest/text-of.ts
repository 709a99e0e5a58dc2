/** What a field of a form or of an answer says as text; nothing for what is no plain value. */
export function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? `${value}` : "";
}
