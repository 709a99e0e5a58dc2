// @vitest-environment jsdom
import { AuthRequired } from "@pbx-x/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { accessToken } from "./auth.ts";
import { keepLogin, readLogin } from "./login-store.ts";

const old = { userId: "u", displayName: "Anna", accessToken: "old", refreshToken: "r1", expiresAt: 0 };
const renewed = (): Response =>
  Response.json({
    user: { id: "u", displayName: "Anna" },
    tokens: { accessToken: "new", refreshToken: "r2", expiresIn: 900 },
  });

afterEach(() => {
  vi.unstubAllGlobals();
  keepLogin(undefined);
});

describe("a token that is renewed, where a page has no locks", () => {
  it("[R3] is renewed once, whoever asks at the same time: a refresh token is good for one use", async () => {
    const asked = vi.fn(() => Promise.resolve(renewed()));
    vi.stubGlobal("fetch", asked);
    keepLogin(old);
    expect(await Promise.all([accessToken(), accessToken("rejected")])).toEqual(["new", "new"]);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it("[R3] leaves who logs out meanwhile logged out", async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<Response>();
    vi.stubGlobal("fetch", () => {
      asked.resolve();
      return answer.promise;
    });
    keepLogin(old);
    const token = accessToken();
    await asked.promise;
    keepLogin(undefined);
    answer.resolve(renewed());
    await expect(token).rejects.toBeInstanceOf(AuthRequired);
    expect(readLogin()).toBeUndefined();
  });
});
