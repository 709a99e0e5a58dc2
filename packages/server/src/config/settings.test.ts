import { describe, expect, it } from "vitest";
import { parseSettings } from "./settings.ts";
import { printHelp, settingsTable } from "./settings-table.ts";

describe("settings", () => {
  it("[R11] an empty environment gives the defaults", () => {
    expect(parseSettings({})).toMatchObject({
      ok: true,
      settings: { http: { port: 8080 }, sip: { port: 5060, rtpPorts: { min: 10_000, max: 19_999 } }, seed: "demo" },
    });
  });

  it("[R11] port 0 means any", () => {
    expect(parseSettings({ PBXX_HTTP_PORT: "0" })).toMatchObject({ ok: true, settings: { http: { port: 0 } } });
  });

  it.each([
    ["PBXX_HTTP_PORT", "70000"],
    ["PBXX_HTTP_PORT", "http"],
    ["PBXX_RTP_PORTS", "10000"],
    ["PBXX_RTP_PORTS", "20000-10000"],
    ["PBXX_SEED", "full"],
    ["PBXX_ADMIN_EMAIL", "root"],
    ["PBXX_PORT", "1"],
    ["PBXX_SMTP_URL", "http://mail.example.com"],
    ["PBXX_VOICEMAIL_KEEP_DAYS", "-1"],
  ])("[R11] %s=%s gives one clear line that names it", (name, value) => {
    const parsed = parseSettings({ [name]: value });
    expect(parsed.ok ? "" : parsed.message).toMatch(new RegExp(`^${name} .+$`));
  });

  it("[R11] the line never shows a secret", () => {
    const parsed = parseSettings({ PBXX_JWT_SECRET: "short-secret" });
    expect(parsed.ok ? "" : parsed.message).toMatch(/^PBXX_JWT_SECRET is wrong/);
    expect(JSON.stringify(parsed)).not.toContain("short-secret");
  });

  it("[R11] [V36] the mail server needs a sender, and its password is not shown", () => {
    const url = "smtp://pbx:the-password@mail.example.com";
    const alone = parseSettings({ PBXX_SMTP_URL: url });
    expect(alone.ok ? "" : alone.message).toMatch(/^PBXX_SMTP_FROM is wrong: the sender is needed/);
    const wrong = parseSettings({ PBXX_SMTP_URL: "the-password@mail", PBXX_SMTP_FROM: "pbx@example.com" });
    expect(JSON.stringify([alone, wrong])).not.toContain("the-password");
    expect(parseSettings({ PBXX_SMTP_URL: url, PBXX_SMTP_FROM: "pbx@example.com" })).toMatchObject({
      settings: { mail: { url, from: "pbx@example.com" } },
    });
    expect(parseSettings({})).toMatchObject({ settings: { voicemail: { keepMs: 90 * 24 * 3600_000 } } });
    expect(parseSettings({ PBXX_VOICEMAIL_KEEP_DAYS: "0" })).toMatchObject({
      settings: { voicemail: { keepMs: undefined } },
    });
  });

  it("[R11] --help shows every setting", () => {
    for (const { name } of settingsTable) expect(printHelp()).toContain(name);
  });
});
