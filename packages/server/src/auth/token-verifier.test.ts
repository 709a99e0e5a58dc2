import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { createTokenVerifier } from "./token-verifier.ts";

const secret = "a-secret-for-this-test-that-is-long-enough";
const now = Date.now;

describe("tokens of an outside identity provider", () => {
  it("[W11] [R1] keys that cannot be read are no verdict on the token", async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256");
    const token = await new SignJWT({ sub: "anna" })
      .setProtectedHeader({ alg: "ES256" })
      .setExpirationTime("5m")
      .sign(privateKey);
    const answers: (readonly [number, string])[] = [
      [500, "{}"],
      [200, "no JSON"],
      [200, "{}"],
      [200, JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg: "ES256" }] })],
    ];
    const provider = createServer((_, response) => {
      const [status, body] = answers.shift() ?? [404, ""];
      response.writeHead(status).end(body);
    });
    await new Promise<void>((resolve) => {
      provider.listen(0, "127.0.0.1", resolve);
    });
    const { port } = provider.address() as AddressInfo;
    const verify = createTokenVerifier({ secret, jwksUrl: `http://127.0.0.1:${port}/keys`, now });
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(verify(token)).rejects.toThrow("the identity provider's keys cannot be read");
    }
    expect(await verify(token)).toMatchObject({ ok: true, userId: "anna" });
    // The keys are known now: this one is judged.
    const other = await generateKeyPair("ES256");
    const forged = await new SignJWT({ sub: "anna" })
      .setProtectedHeader({ alg: "ES256" })
      .setExpirationTime("5m")
      .sign(other.privateKey);
    expect(await verify(forged)).toEqual({ ok: false, reason: "wrong_signature" });
    await new Promise((resolve) => {
      provider.close(resolve);
      provider.closeAllConnections();
    });
    const away = createTokenVerifier({ secret, jwksUrl: `http://127.0.0.1:${port}/keys`, now });
    await expect(away(token)).rejects.toThrow("the identity provider's keys cannot be read");
    // What is no token is so without any key.
    expect(await away("nonsense")).toEqual({ ok: false, reason: "malformed" });
  });
});
