import { callWords } from "./call-words.ts";
import { commonWords } from "./common-words.ts";
import { adminWords } from "./admin-words.ts";
import { frameWords } from "./frame-words.ts";
import { listWords } from "./list-words.ts";
import { panelWords } from "./panel-words.ts";
import { queueWords } from "./queue-words.ts";

export const languages = ["en", "de"] as const;
export type Language = (typeof languages)[number];

const table = {
  ...commonWords,
  ...frameWords,
  ...callWords,
  ...panelWords,
  ...queueWords,
  ...listWords,
  ...adminWords,
};
export type WordKey = keyof typeof table;
export type WordValues = Readonly<Record<string, string | number>>;

/** The text for a key, with `{name}` filled in. */
export function word(language: Language, key: WordKey, values: WordValues = {}): string {
  const [english, german] = table[key];
  const text: string = language === "de" ? german : english;
  return text.replaceAll(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
}

export function isWordKey(key: string): key is WordKey {
  return Object.hasOwn(table, key);
}

/** The first of the browser's languages that there is text for. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const each of wanted) {
    const found = languages.find((language) => each.toLowerCase().startsWith(language));
    if (found !== undefined) return found;
  }
  return "en";
}
