import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isStunBindingRequest, stunBindingAnswer } from "./stun.ts";

/** A binding request with the transaction id of RFC 5769, and a SOFTWARE attribute of 4 bytes. */
const request = Buffer.from("000100082112a442b7e7a701bc34d686fa87dfae8022000474657374", "hex");

const answerTo = (address: string, port = 32_853): string =>
  Buffer.from(stunBindingAnswer(request, { address, port }) ?? []).toString("hex");

describe("STUN binding on the SIP port (RFC 5389)", () => {
  test("the addresses of RFC 5769 §2.2 and §2.3 are written as there", () => {
    expect(answerTo("192.0.2.1")).toBe("0101000c2112a442b7e7a701bc34d686fa87dfae" + "002000080001a147e112a643");
    expect(answerTo("2001:db8:1234:5678:11:2233:4455:6677")).toBe(
      "010100182112a442b7e7a701bc34d686fa87dfae" + "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9",
    );
  });

  test("IPv4 in IPv6 is told as IPv4, a shortened IPv6 as the whole", () => {
    expect(answerTo("::ffff:192.0.2.1")).toBe(answerTo("192.0.2.1"));
    expect(answerTo("::1")).toBe(answerTo("0:0:0:0:0:0:0:1"));
    expect(answerTo("2001:db8::")).toBe(answerTo("2001:db8:0:0:0:0:0:0"));
  });

  test.each(["", "pbx.test", "1:2:3", "::1::2", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:x"])(
    "'%s' is no address",
    (address) => {
      expect(stunBindingAnswer(request, { address, port: 1 })).toBeUndefined();
    },
  );

  test.each([
    ["a binding request", request, true],
    ["one without attributes", Buffer.from("000100002112a442b7e7a701bc34d686fa87dfae", "hex"), true],
    ["a length that is wrong", Buffer.concat([request, Buffer.of(0)]), false],
    ["an answer", Buffer.from("010100002112a442b7e7a701bc34d686fa87dfae", "hex"), false],
    ["another cookie", Buffer.from("000100002112a443b7e7a701bc34d686fa87dfae", "hex"), false],
    ["too short", request.subarray(0, 19), false],
    ["SIP", Buffer.from("OPTIONS sip:pbx.test SIP/2.0\r\n\r\n"), false],
  ])("%s", (_, bytes, expected) => {
    expect(isStunBindingRequest(bytes)).toBe(expected);
  });

  test("a view into a larger buffer is read at its own place", () => {
    const around = Buffer.concat([Buffer.alloc(7, 0xff), request, Buffer.alloc(9, 0xff)]);
    expect(isStunBindingRequest(around.subarray(7, 7 + request.length))).toBe(true);
  });

  test("any IPv6 address can be taken back out of its answer", () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.nat({ max: 65_535 }), (address, port) => {
        const answer = stunBindingAnswer(request, { address, port }) ?? new Uint8Array();
        const bytes = answer.slice(28).map((byte, index) => byte ^ (request[4 + index] ?? 0));
        const groups = Array.from({ length: bytes.length / 2 }, (_, index) =>
          Buffer.from(bytes)
            .readUInt16BE(2 * index)
            .toString(16),
        );
        const told = groups.length === 2 ? `::ffff:${bytes.join(".")}` : groups.join(":");
        expect(new URL(`http://[${told}]`).hostname).toBe(new URL(`http://[${address}]`).hostname);
        expect(Buffer.from(answer).readUInt16BE(26) ^ 0x2112).toBe(port);
      }),
    );
  });
});
