import { AuthRequired } from "../connection/token-source.ts";
import { connect, type PbxClient } from "../client.ts";
import type { Channel } from "@pbx-x/protocol/runtime";
import { readCredentials, writeCredentials } from "./credentials.ts";
import { Failure } from "./failure.ts";
import { askTokens } from "./rest.ts";

const leastLifeMs = 30_000;

/** A live client of the logged-in user. Another process may have renewed the token, so the file is read each time. */
export async function openClient(env: NodeJS.ProcessEnv, channels: readonly Channel[] = []): Promise<PbxClient> {
  const { url } = await readCredentials(env);
  const client = connect({
    url,
    channels,
    token: async ({ reason }) => {
      const known = await readCredentials(env);
      if (reason === "first" && known.expiresAt - Date.now() > leastLifeMs) return known.accessToken;
      try {
        const renewed = await askTokens(known.url, "refresh", { refreshToken: known.refreshToken });
        await writeCredentials(env, { ...known, ...renewed });
        return renewed.accessToken;
      } catch (error) {
        // Anything else, as a proxy's 502, says nothing about the log-in.
        if (error instanceof Failure && error.status === 401) throw new AuthRequired();
        throw error;
      }
    },
  });
  try {
    await client.ready({ timeoutMs: 15_000 });
  } catch {
    const state = client.connection.get();
    await client.close();
    if (state.at === "closed" && state.reason === "auth") {
      throw new Failure("Your log-in has ended. Run: npm run pbxx -- login --email <address>");
    }
    throw new Failure(`No connection to ${url}: ${state.at === "closed" ? state.message : "nothing answers there"}`);
  }
  return client;
}
