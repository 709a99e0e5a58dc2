/** `m:ss`, with hours `h:mm:ss`; never negative. */
export function formatElapsed(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const two = (value: number): string => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** Today as a time, else with the date. */
export function formatWhen(iso: string, language: string, now: number): string {
  const date = new Date(iso);
  const isToday = new Date(now).toDateString() === date.toDateString();
  const time = { hour: "2-digit", minute: "2-digit" } as const;
  const day = { day: "2-digit", month: "2-digit" } as const;
  return new Intl.DateTimeFormat(localeOf(language), isToday ? time : { ...day, ...time }).format(date);
}

export function formatClock(ms: number, language: string): string {
  return new Intl.DateTimeFormat(localeOf(language), { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(
    ms,
  );
}

/** English with 24 hours and the day first, as in offices of Europe. */
export function localeOf(language: string): string {
  return language === "en" ? "en-GB" : language;
}
