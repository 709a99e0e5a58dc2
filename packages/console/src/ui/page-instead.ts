import type { Page } from "../rest/api.ts";

/** The page to show where the one that was asked for is behind the last, e.g. since its only row was deleted. */
export function pageInstead(list: Page<unknown> | undefined): number | undefined {
  return list?.data.length === 0 && list.meta.total > 0 ? list.meta.totalPages : undefined;
}
