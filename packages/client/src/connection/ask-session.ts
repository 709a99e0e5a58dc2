import type { Actor, Permission } from "@pbx-x/protocol/runtime";
import type { RestGet } from "../platform/rest.ts";

/** Nobody in particular: may do nothing. */
export const nobody: Actor = { permissions: new Set() };

export interface SessionAnswer {
  /** Undefined where nothing answered. */
  readonly status?: number;
  readonly retryAfterSeconds?: number | undefined;
  /** Who the token stands for, so that the client can tell which commands are possible ([W46]). */
  readonly actor?: Actor;
}

/** Asks by REST who one is; also why the socket does not open, which no platform's `WebSocket` tells ([S41]). */
export async function askSession(get: RestGet): Promise<SessionAnswer> {
  let answer: SessionAnswer = {};
  try {
    const response = await get("auth/session");
    const { status, headers } = response;
    // Absent, or a date: as if nothing was said.
    answer = { status, retryAfterSeconds: Number(headers.get("retry-after")) || undefined };
    // What the server's own schemas made ([A1]); the body is read in any case, which frees the connection.
    const { permissions, extensionId, extensionNumber } = (await response.json()) as SessionBody;
    if (!response.ok) return answer;
    const actor = {
      permissions: new Set(permissions),
      ...(extensionId && { extensionId }),
      ...(extensionNumber && { extensionNumber }),
    };
    return { ...answer, actor };
  } catch {
    return answer;
  }
}

interface SessionBody {
  /** A newer server may know more of them, and no harm comes of that. */
  readonly permissions?: readonly Permission[];
  readonly extensionId?: string | null;
  readonly extensionNumber?: string | null;
}
