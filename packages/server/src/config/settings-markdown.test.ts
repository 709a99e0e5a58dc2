import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { placeSettings, renderSettings } from "./settings-markdown.ts";
import { settingsTable } from "./settings-table.ts";

describe("settings in the documentation", () => {
  it.each(["en", "de"] as const)("[R11] the table (%s) has every setting with default and meaning", (language) => {
    const rows = renderSettings(language).split("\n").slice(2);
    expect(rows).toHaveLength(settingsTable.length);
    for (const [index, setting] of settingsTable.entries()) {
      expect(rows[index]).toContain(`\`${setting.name}\``);
      expect(rows[index]).toContain(setting[language]);
      if ("fallback" in setting) expect(rows[index]).toContain(`\`${setting.fallback}\``);
    }
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
  });

  it("[R11] the table replaces what stood between the marks, and only that", () => {
    const page = "before\n<!-- settings -->\nwhat was here\n<!-- /settings -->\nafter\n";
    const placed = placeSettings(page, "en");
    expect(placed).toMatch(/^before\n<!-- settings -->\n\n\| setting/);
    expect(placed).toMatch(/\|\n\n<!-- \/settings -->\nafter\n$/);
    expect(placed).not.toContain("what was here");
    expect(placeSettings(placed ?? "", "en")).toBe(placed);
    expect(placeSettings("no marks", "en")).toBeUndefined();
  });

  it("[R11] README, README.de and the reference have the present table", () => {
    const tool = join(import.meta.dirname, "..", "..", "tools", "generate-settings.ts");
    expect(execFileSync(process.execPath, [tool, "--check"], { encoding: "utf8", stdio: "pipe" })).toBe("");
  });
});
