import { expect, it } from "vitest";
import type { Authenticator } from "../auth/identity.ts";
import { createRestApp } from "./rest-app.ts";

it("[W11] [R1] a token that cannot be checked now is no wrong one: 503, with the time to wait", async () => {
  const authenticator: Pick<Authenticator, "authenticate"> = {
    authenticate: () => Promise.reject(new Error("the keys cannot be read")),
  };
  const app = await createRestApp({
    authenticator,
    tickets: { redeem: () => undefined },
    routes: [(api) => void api.get("/secret", () => "never told")],
    requestsPerMinute: 100,
    isReady: () => true,
    version: "0.1.0",
    details: () => {
      throw new Error("never asked");
    },
  });
  const headers = { authorization: "Bearer foreign" };
  const answer = await app.inject({ url: "/api/v1/secret", headers });
  expect(answer.statusCode).toBe(503);
  expect(answer.headers["retry-after"]).toBe("5");
  expect(answer.json()).toMatchObject({ status: 503, detail: "The token cannot be checked now." });
  // That says nothing about the system, which is open to all.
  const status = await app.inject({ url: "/api/v1/system/status", headers });
  expect([status.statusCode, status.json()]).toEqual([200, { healthy: true, version: "0.1.0" }]);
  await app.close();
});
