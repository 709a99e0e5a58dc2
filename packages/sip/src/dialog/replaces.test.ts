import fc from "fast-check";
import { expect, test } from "vitest";
import { parseReplaces, printReplaces } from "./replaces.ts";

// Values of RFC 3891 §6.1, the second with early-only added.
test.each([
  [
    "98732@sip.example.com;from-tag=r33th4x0r;to-tag=ff87ff",
    { dialog: { callId: "98732@sip.example.com", localTag: "ff87ff", remoteTag: "r33th4x0r" }, earlyOnly: false },
  ],
  [
    "12adf2f34456gs5;to-tag=12345;from-tag=54321;early-only",
    { dialog: { callId: "12adf2f34456gs5", localTag: "12345", remoteTag: "54321" }, earlyOnly: true },
  ],
  [" a ; FROM-TAG=0 ; to-tag=1", { dialog: { callId: "a", localTag: "1", remoteTag: "0" }, earlyOnly: false }],
])("'%s' is read", (text, replaces) => {
  expect(parseReplaces(text)).toEqual(replaces);
});

test.each([
  "",
  "abc",
  "abc;to-tag=1",
  "abc;from-tag=1",
  ";to-tag=1;from-tag=2",
  "a;to-tag;from-tag=2",
  "a;to-tag=1;to-tag=2;from-tag=3",
])("'%s' is malformed", (text) => {
  expect(parseReplaces(text)).toBeUndefined();
});

test("what is printed is read the same", () => {
  const token = fc.stringMatching(/^[A-Za-z0-9.-]{1,12}$/);
  const replaces = fc.record({
    dialog: fc.record({ callId: token, localTag: token, remoteTag: token }),
    earlyOnly: fc.boolean(),
  });
  fc.assert(
    fc.property(replaces, (value) => {
      expect(parseReplaces(printReplaces(value))).toEqual(value);
    }),
  );
});
