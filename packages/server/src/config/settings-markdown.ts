import { type SettingDescription, settingsTable } from "./settings-table.ts";

export type Language = "en" | "de";

const heads = {
  en: ["setting", "default", "meaning"],
  de: ["Einstellung", "Vorgabe", "Bedeutung"],
} as const satisfies Record<Language, readonly string[]>;
const secretNotes = { en: "Secret.", de: "Geheim." } as const satisfies Record<Language, string>;

/** The table of all settings ([R11]) as Markdown, its columns aligned. */
export function renderSettings(language: Language): string {
  const settings: readonly SettingDescription[] = settingsTable;
  const rows = settings.map((setting) => [
    `\`${setting.name}\``,
    setting.fallback === undefined ? "" : `\`${setting.fallback}\``,
    setting.isSecret === true ? `${setting[language]} ${secretNotes[language]}` : setting[language],
  ]);
  const all: readonly (readonly string[])[] = [heads[language], ...rows];
  const widths = heads[language].map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = "", ...body] = all.map(line);
  return [head, line(widths.map((width) => "-".repeat(width))), ...body].join("\n");
}

const [opening, closing] = ["<!-- settings -->", "<!-- /settings -->"];

/** Puts the table between the two marks of a page; undefined where the marks are missing. */
export function placeSettings(page: string, language: Language): string | undefined {
  const [start, end] = [page.indexOf(opening), page.indexOf(closing)];
  if (start < 0 || end < start) return undefined;
  const before = page.slice(0, start + opening.length);
  return `${before}\n\n${renderSettings(language)}\n\n${page.slice(end)}`;
}

/** The page `docs/reference/settings.md`. */
export function renderSettingsPage(): string {
  return [
    "# Settings",
    "",
    "Generated from the table in `packages/server` by `npm run generate`; do not edit.",
    "",
    "All settings come from the environment; `npm start -- --help` shows the same table. A wrong value, or a name that",
    "begins with `PBXX_` and is not in the table, stops the start with one clear line. An empty value counts as unset.",
    "",
    renderSettings("en"),
    "",
  ].join("\n");
}
