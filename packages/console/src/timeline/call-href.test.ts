import { expect, it } from "vitest";
import { callHref } from "./call-href.ts";

it("[U26] keeps what a list is filtered by beside a call's story", () => {
  expect(callHref("q=tom&page=3&call=a", "b")).toBe("?q=tom&page=3&call=b");
  expect(callHref("", "b")).toBe("?call=b");
});
