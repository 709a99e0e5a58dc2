type Value = string | number | Escaped;

/** Text of a file whose values are escaped already. */
export interface Escaped {
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** XML in which no value can become markup ([F8]). */
export const xml = template((value) => printable(value).replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? ""));

/** Lines `name = value` in which no value can begin a line of its own ([F8]). */
export const lines = template((value) => printable(value).trim());

export function joined(parts: readonly Escaped[], between = "\n"): Escaped {
  return { text: parts.map(({ text }) => text).join(between) };
}

function template(escape: (value: string) => string) {
  return (literals: TemplateStringsArray, ...values: readonly Value[]): Escaped => {
    const shown = values.map((value) => (typeof value === "object" ? value.text : escape(String(value))));
    return { text: literals.map((literal, index) => literal + (shown[index] ?? "")).join("") };
  };
}

/** Without control characters and line ends of any kind. */
function printable(value: string): string {
  return value.replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, " ");
}
