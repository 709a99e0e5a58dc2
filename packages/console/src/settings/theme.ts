import { preferences } from "./preferences.ts";

/** Keeps the document's theme and language as chosen. */
export function followTheme(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = (): void => {
    const { theme, language } = preferences.get();
    const isDark = theme === "dark" || (theme === "system" && dark.matches);
    document.documentElement.dataset["theme"] = isDark ? "dark" : "light";
    document.documentElement.lang = language;
  };
  dark.addEventListener("change", apply);
  preferences.subscribe(apply);
  apply();
}
