import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { generatePassword } from "../extensions/sip-secret.ts";

/** What is kept of a device's secret: its hash alone. It is long and random, so that a plain hash is enough ([F2]). */
export function hashDeviceSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** 32 letters and digits, 185 bits: safe in a path, in a phone's menu and in `user:password`. */
export function createDeviceSecret(): string {
  return generatePassword(32);
}

/** In a time that tells neither where they differ nor whether there is a device at all ([F5]). */
export function isDeviceSecret(given: string, kept: string | undefined): boolean {
  const hash = Buffer.from(hashDeviceSecret(given), "hex");
  const other = Buffer.from(kept ?? hashDeviceSecret(""), "hex");
  return hash.length === other.length && timingSafeEqual(hash, other) && kept !== undefined;
}

/** The phone's own passwords, made of its secret, so that they need not be kept ([F2], [F3]). */
export function passwordsOf(secret: string): { readonly sip: string; readonly web: string } {
  return { sip: derive(secret, "sip").slice(0, 32), web: derive(secret, "web").slice(0, 20) };
}

/** Letters and digits only: some phones take nothing else. */
function derive(secret: string, purpose: string): string {
  return createHmac("sha512", secret)
    .update(purpose)
    .digest("base64")
    .replaceAll(/[^a-zA-Z0-9]/g, "");
}
