import { preferences } from "../settings/preferences.ts";
import { useStore } from "../ui/store.ts";
import { type Language, word, type WordKey, type WordValues } from "./words.ts";

export type T = (key: WordKey, values?: WordValues) => string;

const english: T = (key, values) => word("en", key, values);
const german: T = (key, values) => word("de", key, values);

/** The words of the chosen language. */
export function useWords(): T {
  return useLanguage() === "de" ? german : english;
}

export function useLanguage(): Language {
  return useStore(preferences, ({ language }) => language);
}

/** Outside of components. */
export function currentWords(): T {
  return preferences.get().language === "de" ? german : english;
}
