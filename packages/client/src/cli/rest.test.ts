import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { endLogin } from "./rest.ts";

const login = { email: "a@b.c", accessToken: "old", refreshToken: "r1", expiresAt: 0 };

it("[R3] a log-out with an access token that has ended gets a new one first", async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization ?? ""}`.trim());
    const isRefresh = request.url === "/api/v1/auth/refresh";
    const status = isRefresh ? 200 : request.headers.authorization === "Bearer new" ? 204 : 401;
    const tokens = { accessToken: "new", refreshToken: "r2", expiresIn: 900 };
    response.writeHead(status, { "content-type": "application/json" }).end(isRefresh ? JSON.stringify({ tokens }) : "");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  await endLogin({ ...login, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  server.close();
  expect(asked.at(-1)).toBe("/api/v1/auth/logout Bearer new");
});
