import type { RestGet } from "../platform/rest.ts";

export interface ProbeAnswer {
  /** Undefined where nothing answered. */
  readonly status: number | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** Asks by REST why the socket does not open, which no platform's `WebSocket` tells ([S41]). */
export async function probeSession(get: RestGet): Promise<ProbeAnswer> {
  try {
    const response = await get("auth/session");
    await response.body?.cancel();
    // Absent, or a date: as if nothing was said.
    const retryAfterSeconds = Number(response.headers.get("retry-after")) || undefined;
    return { status: response.status, retryAfterSeconds };
  } catch {
    return { status: undefined };
  }
}
