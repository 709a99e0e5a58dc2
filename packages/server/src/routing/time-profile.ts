export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof weekdays)[number];

/** Open on these days from `from` until before `to` (`HH:MM`, up to `24:00`); over midnight where `to` is not later. */
export interface TimeRange {
  readonly days: readonly Weekday[];
  readonly from: string;
  readonly to: string;
}

/** Closed all day: `2026-12-24`, or `12-25` in every year. */
export interface Holiday {
  readonly date: string;
  readonly name?: string;
}

/** When a rule is open ([G5]). */
export interface TimeProfile {
  readonly id: string;
  readonly name: string;
  /** IANA name, e.g. `Europe/Berlin`. */
  readonly timeZone: string;
  readonly ranges: readonly TimeRange[];
  readonly holidays: readonly Holiday[];
}

export interface TimeVerdict {
  readonly isOpen: boolean;
  /** For people: the local time and what decided. */
  readonly why: string;
}

export function judgeTime({ timeZone, ranges, holidays }: TimeProfile, atMs: number): TimeVerdict {
  const { date, day, time } = localTime(atMs, timeZone);
  const here = `${day} ${date} ${time} ${timeZone}`;
  const holiday = holidays.find(({ date: closed }) => closed === date || closed === date.slice(5));
  if (holiday !== undefined) return { isOpen: false, why: `${here}: holiday ${holiday.name ?? holiday.date}` };
  const yesterday = weekdays[(weekdays.indexOf(day) + 6) % 7] ?? day;
  const range = ranges.find(({ days, from, to }) => {
    const isOvernight = to <= from;
    if (days.includes(day) && time >= from && (isOvernight || time < to)) return true;
    return isOvernight && days.includes(yesterday) && time < to;
  });
  return range === undefined
    ? { isOpen: false, why: `${here}: outside of all ranges` }
    : { isOpen: true, why: `${here}: within ${range.from}-${range.to}` };
}

/** Whether this machine knows the time zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: name }).format(0);
    return true;
  } catch {
    return false;
  }
}

function localTime(atMs: number, timeZone: string): { date: string; day: Weekday; time: string } {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? "";
  return {
    date: `${of("year")}-${of("month")}-${of("day")}`,
    day: weekdays.find((name) => name === of("weekday").toLowerCase()) ?? "mon",
    time: `${of("hour")}:${of("minute")}`,
  };
}
