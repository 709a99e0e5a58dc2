import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { createSelfSigned } from "./self-signed.ts";

test("the certificate is signed by its own key, for localhost and both loopback addresses", () => {
  const { certPem, keyPem } = createSelfSigned(Date.UTC(2026, 0, 2, 3, 4, 5));
  const certificate = new X509Certificate(certPem);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(["127.0.0.1", "::1"].map((address) => certificate.checkIP(address))).toEqual(["127.0.0.1", "::1"]);
  expect(certificate.checkHost("localhost")).toBe("localhost");
  expect(certificate.checkIssued(certificate)).toBe(true);
  expect([certificate.validFrom, certificate.validTo]).toEqual([
    "Jan  2 02:04:05 2026 GMT",
    "Jan  3 03:04:05 2026 GMT",
  ]);
  expect(keyPem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
});

test("each one is another", () => {
  expect(createSelfSigned().certPem).not.toBe(createSelfSigned().certPem);
});
