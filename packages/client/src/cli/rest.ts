import type { Credentials } from "./credentials.ts";
import { Failure } from "./failure.ts";

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: number;
}

/** Log-in and refresh ([R3]). */
export async function askTokens(
  url: string,
  path: "login" | "refresh",
  body: Readonly<Record<string, string>>,
): Promise<Pick<Credentials, "accessToken" | "refreshToken" | "expiresAt">> {
  const response = await post(url, `auth/${path}`, body);
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const detail = textOf(answer, "detail") ?? textOf(answer, "title") ?? `status ${response.status}`;
    throw new Failure(detail, 1, response.status);
  }
  // The server's own answer to a log-in, by its description.
  const { tokens } = answer as { readonly tokens: Tokens };
  const { accessToken, refreshToken, expiresIn } = tokens;
  return { accessToken, refreshToken, expiresAt: Date.now() + expiresIn * 1000 };
}

/** Ends all log-ins of the user. An access token lives for minutes: where it has ended, a new one is asked for. */
export async function endLogin({ url, accessToken, refreshToken }: Credentials): Promise<void> {
  const end = (token: string): Promise<Response> => post(url, "auth/logout", {}, { authorization: `Bearer ${token}` });
  let { ok, status } = await end(accessToken);
  if (status === 401) {
    try {
      ({ ok, status } = await end((await askTokens(url, "refresh", { refreshToken })).accessToken));
    } catch (error) {
      if (!(error instanceof Failure) || error.status === undefined) throw error;
      // Not accepted either: it has ended already.
      if (error.status === 401) return;
      status = error.status;
    }
  }
  if (!ok) throw new Failure(`The log-in could not be ended (status ${status}); try again.`);
}

async function post(url: string, path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  try {
    return await fetch(new URL(`/api/v1/${path}`, url), {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
  } catch {
    throw new Failure(`Nothing answers at ${url}. Is the server running? Another address: --url http://host:8080`);
  }
}

function textOf(value: unknown, field: string): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const text: unknown = Object.entries(value).find(([name]) => name === field)?.[1];
  return typeof text === "string" ? text : undefined;
}
