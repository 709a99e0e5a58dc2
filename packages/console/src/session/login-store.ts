import { createStore } from "../ui/store.ts";

/** A log-in as it is kept in this browser, for all tabs. */
export interface Login {
  readonly userId: string;
  readonly displayName: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Milliseconds since 1970 by this machine's clock. */
  readonly expiresAt: number;
}

const storageKey = "pbx-x.login";

export function parseLogin(kept: string | null): Login | undefined {
  try {
    const found = JSON.parse(kept ?? "null") as Partial<Login> | null;
    const isWhole =
      typeof found?.userId === "string" &&
      typeof found.displayName === "string" &&
      typeof found.accessToken === "string" &&
      typeof found.refreshToken === "string" &&
      typeof found.expiresAt === "number";
    return isWhole ? (found as Login) : undefined;
  } catch {
    return undefined;
  }
}

export function readLogin(): Login | undefined {
  return parseLogin(localStorage.getItem(storageKey));
}

export const loginStore = createStore<Login | undefined>(
  globalThis.localStorage === undefined ? undefined : readLogin(),
);

/** The log-in was ended from elsewhere, or is too old to be renewed: whoever logs in next is told why. */
export const wasLoginEnded = createStore(false);

export function keepLogin(login: Login | undefined): void {
  if (login === undefined) localStorage.removeItem(storageKey);
  else localStorage.setItem(storageKey, JSON.stringify(login));
  loginStore.set(login);
}

// Another tab logged in, out, or renewed the token.
globalThis.addEventListener?.("storage", ({ key, newValue }) => {
  if (key === storageKey) loginStore.set(parseLogin(newValue));
});
