import type { RestGet } from "../platform/rest.ts";

export interface ProbeAnswer {
  /** Undefined where nothing answered. */
  readonly status: number | undefined;
  readonly retryAfterSeconds?: number;
}

/** Asks by REST why the socket does not open, which no platform's `WebSocket` tells ([S41]). */
export async function probeSession(get: RestGet): Promise<ProbeAnswer> {
  try {
    const response = await get("auth/session");
    await response.body?.cancel();
    const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
    return { status: response.status, ...(Number.isFinite(seconds) && { retryAfterSeconds: seconds }) };
  } catch {
    return { status: undefined };
  }
}
