/** The address of a screen pop: only `https:`, with encoded values; undefined where the template is no such ([U40]). */
export function screenPopUrl(
  template: string,
  values: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (!template.startsWith("https://")) return undefined;
  const filled = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));
  try {
    const url = new URL(filled);
    return url.protocol === "https:" ? url.href : undefined;
  } catch {
    return undefined;
  }
}
