import { AuthRequired, type TokenReason } from "@pbx-x/client";
import { ApiError, readProblem } from "../rest/api-error.ts";
import { keepLogin, type Login, readLogin, wasLoginEnded } from "./login-store.ts";

interface LoginAnswer {
  readonly user: { readonly id: string; readonly displayName: string };
  readonly tokens: { readonly accessToken: string; readonly refreshToken: string; readonly expiresIn: number };
}

export async function logIn(email: string, password: string): Promise<void> {
  keepLogin(await ask("login", { email, password }));
  wasLoginEnded.set(false);
}

export async function logOut(): Promise<void> {
  const token = readLogin()?.accessToken;
  keepLogin(undefined);
  if (token === undefined) return;
  // Whether or not the server hears of it, this browser has forgotten the tokens.
  await fetch("/api/v1/auth/logout", { method: "POST", headers: { authorization: `Bearer ${token}` } }).catch(
    () => undefined,
  );
}

/**
 * An access token that counts for another 30 s at least. A refresh token is good for one use, so of all tabs only one
 * renews at a time, and the others take what it got.
 */
export async function accessToken(reason: TokenReason = "first"): Promise<string> {
  const before = readLogin();
  if (before === undefined) throw new AuthRequired();
  if (reason === "first" && before.expiresAt - Date.now() > 30_000) return before.accessToken;
  return inTurn(async () => {
    const now = readLogin();
    if (now === undefined) throw new AuthRequired();
    if (now.accessToken !== before.accessToken) return now.accessToken;
    try {
      const renewed = await ask("refresh", { refreshToken: now.refreshToken });
      // Logged out meanwhile: it stays so.
      if (readLogin()?.refreshToken !== now.refreshToken) throw new AuthRequired();
      keepLogin(renewed);
      return renewed.accessToken;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      wasLoginEnded.set(true);
      keepLogin(undefined);
      throw new AuthRequired();
    }
  });
}

let turn: Promise<unknown> = Promise.resolve();

/** Locks are there in secure contexts only; elsewhere it is one after the other within this tab at least. */
function inTurn<T>(run: () => Promise<T>): Promise<T> {
  const { locks } = navigator as { readonly locks?: LockManager };
  if (locks !== undefined) return locks.request("pbx-x.refresh", run);
  const mine = turn.then(run);
  turn = mine.catch(() => undefined);
  return mine;
}

async function ask(path: "login" | "refresh", body: object): Promise<Login> {
  let response: Response;
  try {
    response = await fetch(`/api/v1/auth/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new ApiError(0, "The server does not answer.");
  }
  if (!response.ok) throw await readProblem(response);
  const { user, tokens } = (await response.json()) as LoginAnswer;
  return {
    userId: user.id,
    displayName: user.displayName,
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken,
    expiresAt: Date.now() + tokens.expiresIn * 1000,
  };
}
