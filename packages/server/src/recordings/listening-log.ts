import type { AuditLog } from "../storage/audit-log.ts";

export interface ListeningLogOptions {
  readonly audit: Pick<AuditLog, "write">;
  readonly now: () => number;
}

/** A player asks for a file piece by piece: so long its requests are one listening. */
const oneListeningMs = 10 * 60_000;
const maxRemembered = 10_000;

/**
 * Notes who listens to what, once per listening ([C56]): whenever the beginning is asked for, and for any other part where
 * this user asked for none of it lately.
 */
export function createListeningLog({ audit, now }: ListeningLogOptions) {
  const lately = new Map<string, number>();
  return (userId: string, recordingId: string, callId: string, start: number): void => {
    const key = `${userId} ${recordingId}`;
    const since = lately.get(key);
    if (start > 0 && since !== undefined && now() - since < oneListeningMs) return;
    lately.delete(key);
    lately.set(key, now());
    const [oldest] = lately.keys();
    if (lately.size > maxRemembered && oldest !== undefined) lately.delete(oldest);
    audit.write(userId, "recording.listen", recordingId, { callId });
  };
}
