import { createHash, randomInt } from "node:crypto";
import type { ExtensionSecret } from "./extension.ts";

/** H(user:realm:password) of RFC 7616 §3.4.2; the user name is the extension's number. */
export function hashSipPassword(number: string, realm: string, password: string): ExtensionSecret {
  const text = `${number}:${realm}:${password}`;
  return { md5: createHash("md5").update(text).digest("hex"), sha256: createHash("sha256").update(text).digest("hex") };
}

const letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** Letters and digits that are not mistaken for each other. */
export function generatePassword(length = 24): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join("");
}
