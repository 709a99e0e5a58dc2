import { expect, it } from "vitest";
import { pageInstead } from "./page-instead.ts";

const page = (rows: readonly number[], total: number) => ({
  data: rows,
  meta: { page: 2, limit: 50, total, totalPages: Math.ceil(total / 50) },
});

it("[U2] a page behind the last gives way to the last one; an empty list and one with rows stay", () => {
  expect(pageInstead(page([], 50))).toBe(1);
  expect(pageInstead(page([], 0))).toBeUndefined();
  expect(pageInstead(page([51], 51))).toBeUndefined();
  expect(pageInstead(undefined)).toBeUndefined();
});
