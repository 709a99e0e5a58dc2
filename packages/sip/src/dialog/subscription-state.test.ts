import { expect, test } from "vitest";
import { parseSubscriptionState, printSubscriptionState } from "./subscription-state.ts";

test.each([
  ["active;expires=600", { state: "active", expiresSeconds: 600 }],
  ["Pending", { state: "pending" }],
  ["terminated;reason=noresource", { state: "terminated", reason: "noresource" }],
  ["terminated ; reason=giveup ; retry-after=120", { state: "terminated", reason: "giveup", retryAfterSeconds: 120 }],
  ["active;expires=soon", { state: "active" }],
])("'%s' is read (RFC 6665 §4.1.3)", (text, state) => {
  expect(parseSubscriptionState(text)).toEqual(state);
});

test.each(["", ";expires=1", "two words", "active;=1"])("'%s' is malformed", (text) => {
  expect(parseSubscriptionState(text)).toBeUndefined();
});

test.each([
  { state: "active", expiresSeconds: 60 },
  { state: "terminated", reason: "timeout" },
  { state: "terminated", reason: "probation", retryAfterSeconds: 5 },
])("%j is read as it is printed", (state) => {
  expect(parseSubscriptionState(printSubscriptionState(state))).toEqual(state);
});
