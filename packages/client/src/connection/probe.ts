export interface ProbeAnswer {
  /** Undefined where nothing answered. */
  readonly status: number | undefined;
  readonly retryAfterSeconds?: number;
}

/** Asks by REST why the socket does not open, which no platform's `WebSocket` tells ([S41]). */
export async function probeSession(fetchIt: typeof fetch, baseUrl: URL, token: string): Promise<ProbeAnswer> {
  try {
    const response = await fetchIt(new URL("api/v1/auth/session", baseUrl), {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(10_000),
    });
    await response.body?.cancel();
    const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
    return { status: response.status, ...(Number.isFinite(seconds) && { retryAfterSeconds: seconds }) };
  } catch {
    return { status: undefined };
  }
}
