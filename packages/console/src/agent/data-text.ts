/** What an application has attached, as text. */
export function dataText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
