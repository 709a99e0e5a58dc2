import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createHmacSha256 } from "./hmac.ts";

describe("HMAC-SHA-256", () => {
  // RFC 4231 sections 4.3 and 4.7.
  it.each([
    [
      Buffer.from("Jefe"),
      "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    [
      Buffer.alloc(131, 0xaa),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ],
  ])("gives the values of the standard's examples", (key, text, expected) => {
    expect(createHmacSha256(key)(text).toString("hex")).toBe(expected);
  });

  it("is the platform's own, for any key and text", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: "binary" }), (key, text) => {
        expect(createHmacSha256(key)(text)).toEqual(createHmac("sha256", key).update(text).digest());
      }),
    );
  });
});
