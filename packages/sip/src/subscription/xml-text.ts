const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text for an element or an attribute in quotes; characters that XML 1.0 cannot have are left out. */
export function xmlText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- exactly these are forbidden
  const allowed = text.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uD800-\uDFFF\uFFFE\uFFFF]/gu, "");
  return allowed.replaceAll(/[&<>"']/g, (character) => entities[character] ?? "");
}
