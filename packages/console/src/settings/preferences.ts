import { createStore } from "../ui/store.ts";
import { type Language, languages, preferredLanguage } from "../words/words.ts";

export const themes = ["system", "light", "dark"] as const;
export const densities = ["compact", "normal", "wide"] as const;

/** What a person has chosen in this browser. */
export interface Preferences {
  readonly language: Language;
  readonly theme: (typeof themes)[number];
  readonly density: (typeof densities)[number];
  /** What Enter does in the transfer field ([U34]). */
  readonly enterDoes: "consult" | "blind";
  readonly autoAnswer: boolean;
  readonly singleKeys: boolean;
  readonly notify: boolean;
  readonly sound: boolean;
  /** An https address with `{number}`, `{name}`, `{queue}`. */
  readonly screenPop: string;
  /** Calls that ended before were seen; ISO time. */
  readonly missedSeenAt: string;
}

const storageKey = "pbx-x.preferences";

export function defaultPreferences(browserLanguages: readonly string[]): Preferences {
  return {
    language: preferredLanguage(browserLanguages),
    theme: "system",
    density: "normal",
    enterDoes: "consult",
    autoAnswer: true,
    singleKeys: true,
    notify: false,
    sound: false,
    screenPop: "",
    missedSeenAt: "",
  };
}

/** What was kept, as far as it is still valid; the rest by default. */
export function readPreferences(kept: string | null, defaults: Preferences): Preferences {
  try {
    const found: unknown = JSON.parse(kept ?? "{}");
    if (typeof found !== "object" || found === null) return defaults;
    const merged = { ...defaults };
    for (const [name, value] of Object.entries(found)) {
      if (!Object.hasOwn(defaults, name) || !isValid(name, value)) continue;
      Object.assign(merged, { [name]: value });
    }
    return merged;
  } catch {
    return defaults;
  }
}

function isValid(name: string, value: unknown): boolean {
  const lists: Readonly<Record<string, readonly unknown[]>> = {
    language: languages,
    theme: themes,
    density: densities,
    enterDoes: ["consult", "blind"],
  };
  const list = lists[name];
  if (list !== undefined) return list.includes(value);
  return name === "screenPop" || name === "missedSeenAt" ? typeof value === "string" : typeof value === "boolean";
}

export const preferences = createStore<Preferences>(
  readPreferences(
    globalThis.localStorage?.getItem(storageKey) ?? null,
    defaultPreferences(globalThis.navigator?.languages ?? []),
  ),
);

export function setPreferences(changes: Partial<Preferences>): void {
  preferences.set({ ...preferences.get(), ...changes });
  localStorage.setItem(storageKey, JSON.stringify(preferences.get()));
}

// Other tabs follow ([U29]).
globalThis.addEventListener?.("storage", ({ key, newValue }) => {
  if (key === storageKey) preferences.set(readPreferences(newValue, preferences.get()));
});
