/** The query of `GET /cdr` for the filters in the address; days are whole days of the viewer's zone. */
export function historyQuery(get: (name: string) => string): string {
  const query = new URLSearchParams({ limit: "50" });
  const put = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== "") query.set(name, value);
  };
  put("page", get("page"));
  put("search", get("q").trim());
  put("direction", get("direction"));
  put("hangupCause", get("cause"));
  put("from", dayStart(get("from"), 0));
  put("to", dayStart(get("to"), 1));
  return query.toString();
}

function dayStart(day: string, after: number): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const date = new Date(`${day}T00:00:00`);
  if (Number.isNaN(date.getTime())) return undefined;
  date.setDate(date.getDate() + after);
  return date.toISOString();
}
