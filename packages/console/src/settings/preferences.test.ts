import { expect, it } from "vitest";
import { defaultPreferences, readPreferences } from "./preferences.ts";

const defaults = defaultPreferences(["de-DE"]);

it("begins with the browser's language", () => {
  expect(defaults.language).toBe("de");
});

it("keeps what is valid and drops what is not", () => {
  const kept = JSON.stringify({ theme: "dark", density: "huge", notify: "yes", sound: true, other: 1 });
  expect(readPreferences(kept, defaults)).toEqual({ ...defaults, theme: "dark", sound: true });
});

it("survives rubbish", () => {
  expect(readPreferences("{", defaults)).toEqual(defaults);
  expect(readPreferences("null", defaults)).toEqual(defaults);
});
