import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { Directory } from "./directory.ts";

it("asks for a token with each request: a sandbox runs for longer than one lasts", async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer(({ headers }, response) => {
    seen.push(headers.authorization);
    response.setHeader("content-type", "application/json").end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  let count = 0;
  const directory = new Directory(`http://127.0.0.1:${port}`, () => Promise.resolve(`token-${(count += 1)}`));
  await directory.request("GET", "/queues");
  await directory.request("GET", "/queues");
  expect(seen).toEqual(["Bearer token-1", "Bearer token-2"]);
  server.close();
});
