import { expect, it } from "vitest";
import { historyQuery } from "./history-query.ts";

const queryOf = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(new URLSearchParams(historyQuery((name) => values[name] ?? "")));

it("asks for nothing but a page where nothing is filtered", () => {
  expect(queryOf({})).toEqual({ limit: "50" });
});

it("passes the filters on by the interface's names", () => {
  expect(queryOf({ q: " anna ", direction: "inbound", cause: "busy", page: "3" })).toEqual({
    limit: "50",
    page: "3",
    search: "anna",
    direction: "inbound",
    hangupCause: "busy",
  });
});

it("takes whole days, the last one included", () => {
  const { from = "", to = "" } = queryOf({ from: "2026-03-02", to: "2026-03-02" });
  expect(Date.parse(to) - Date.parse(from)).toBe(24 * 3600_000);
  expect(queryOf({ from: "yesterday" })).toEqual({ limit: "50" });
});
