import type { CallRecord } from "./call-ledger.ts";

const columns = [
  "callId",
  "direction",
  "callerNumber",
  "callerName",
  "calleeNumber",
  "calleeName",
  "startedAt",
  "answeredAt",
  "endedAt",
  "durationSeconds",
  "hangupCause",
  "hangupBy",
  "reason",
  "mergedInto",
  "trunkName",
] as const;

/** Call records as CSV (RFC 4180), one line each, with a heading. */
export function csvOf(records: readonly CallRecord[]): string {
  const lines = records.map((record) =>
    [
      record.callId,
      record.direction,
      record.caller.number,
      record.caller.name ?? "",
      record.callee.number,
      record.callee.name ?? "",
      new Date(record.createdAtMs).toISOString(),
      record.answeredAtMs === undefined ? "" : new Date(record.answeredAtMs).toISOString(),
      new Date(record.endedAtMs).toISOString(),
      String(record.durationSeconds),
      record.hangupCause,
      record.hangupBy,
      record.reason ?? "",
      record.mergedInto ?? "",
      record.trunk?.name ?? "",
    ]
      .map(cellOf)
      .join(","),
  );
  return `${[columns.join(","), ...lines].join("\r\n")}\r\n`;
}

/** A cell that a spreadsheet would take for a formula gets an apostrophe in front. */
function cellOf(text: string): string {
  const safe = /^[=@\t\r-]/.test(text) || /^\+[^\d]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
