import { describe, expect, it } from "vitest";
import { isTimeZone, judgeTime, type TimeProfile } from "./time-profile.ts";

const office: TimeProfile = {
  id: "office",
  name: "Office",
  timeZone: "Europe/Berlin",
  ranges: [
    { days: ["mon", "tue", "wed", "thu"], from: "08:00", to: "17:00" },
    { days: ["fri"], from: "22:00", to: "06:00" },
  ],
  holidays: [{ date: "12-25", name: "Christmas" }, { date: "2026-11-24" }],
};

describe("time profiles", () => {
  it.each([
    ["2026-11-26T07:00:00Z", true, "08:00 on a Thursday in winter"],
    ["2026-11-26T06:59:59Z", false, "one second earlier"],
    ["2026-11-26T15:59:00Z", true, "16:59"],
    ["2026-11-26T16:00:00Z", false, "17:00"],
    ["2026-07-02T06:00:00Z", true, "08:00 on a Thursday in summer"],
    ["2026-11-27T10:00:00Z", false, "Friday at noon"],
    ["2026-11-27T21:30:00Z", true, "Friday at night"],
    ["2026-11-28T04:59:00Z", true, "the same night, Saturday morning"],
    ["2026-11-28T05:00:00Z", false, "Saturday at six"],
    ["2026-11-24T10:00:00Z", false, "a holiday of this year"],
    ["2025-12-25T10:00:00Z", false, "Christmas, a Thursday"],
    ["2025-11-24T10:00:00Z", true, "the same day in another year"],
  ])("[G5] %s: %s (%s)", (at, expected) => {
    expect(judgeTime(office, Date.parse(at)).isOpen).toBe(expected);
  });

  it("[G5] says what decided", () => {
    expect(judgeTime(office, Date.parse("2025-12-25T10:00:00Z")).why).toBe(
      "thu 2025-12-25 11:00 Europe/Berlin: holiday Christmas",
    );
    expect(judgeTime(office, Date.parse("2026-11-26T10:00:00Z")).why).toContain("within 08:00-17:00");
  });

  it("[G5] a whole day is 00:00 to 24:00", () => {
    const always: TimeProfile = {
      ...office,
      holidays: [],
      ranges: [{ days: ["thu"], from: "00:00", to: "24:00" }],
    };
    expect(judgeTime(always, Date.parse("2026-11-26T22:59:59Z")).isOpen).toBe(true);
    expect(judgeTime(always, Date.parse("2026-11-26T23:00:00Z")).isOpen).toBe(false);
  });

  it("[G5] knows time zones", () => {
    expect(isTimeZone("Europe/Berlin")).toBe(true);
    expect(isTimeZone("Europe/Nowhere")).toBe(false);
  });
});
