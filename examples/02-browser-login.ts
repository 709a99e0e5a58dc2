// A page with a log-in form, and tokens that renew themselves for as long as the user stays.
import { AuthRequired, connect, type PbxClient, type TokenReason } from "@pbx-x/client";

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

async function post(url: string, body: object): Promise<Tokens> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  // 401: the password is wrong, or the refresh token has ended. Only a new log-in helps.
  if (response.status === 401) throw new AuthRequired("Log in again.");
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return ((await response.json()) as { readonly tokens: Tokens }).tokens;
}

/** Logs in, then connects. The client asks for a token first, before it expires, and when one was refused. */
export async function logIn(url: string, email: string, password: string): Promise<PbxClient> {
  let tokens = await post(`${url}/api/v1/auth/login`, { email, password });
  const token = async ({ reason }: { readonly reason: TokenReason }): Promise<string> => {
    if (reason !== "first") tokens = await post(`${url}/api/v1/auth/refresh`, { refreshToken: tokens.refreshToken });
    return tokens.accessToken;
  };
  return connect({ url, token, channels: ["me"] });
}

/** Puts it on a page: a form with `email` and `password`, and a place for the state. */
export function startPage(form: HTMLFormElement, output: HTMLElement, url: string): void {
  const field = (name: string): string => (form.elements.namedItem(name) as HTMLInputElement).value;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    logIn(url, field("email"), field("password"))
      .then((client) => {
        const show = (): void => {
          const state = client.connection.get();
          output.textContent = state.at === "closed" ? `Log in again: ${state.message}` : state.at;
        };
        client.connection.subscribe(show);
        show();
      })
      .catch((error: unknown) => {
        output.textContent =
          error instanceof AuthRequired ? "E-mail or password is wrong." : "The server does not answer.";
      });
  });
}
