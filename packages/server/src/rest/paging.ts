import { z } from "zod";

/** Query of a list ([R2]). */
export const pageQuery = z.object({
  page: z.coerce.number().int().positive().default(1),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  search: z.string().max(200).optional(),
});

export interface Page<Item> {
  readonly data: readonly Item[];
  readonly meta: { readonly page: number; readonly limit: number; readonly total: number; readonly totalPages: number };
}

/** Cuts one page out of a list held in memory. */
export function takePage<Item>(items: readonly Item[], { page, limit }: { page: number; limit: number }): Page<Item> {
  return asPage(items.slice((page - 1) * limit, page * limit), items.length, { page, limit });
}

/** The page of those that have the searched text in their words. */
export function searchPage<Item>(
  items: readonly Item[],
  { search = "", page, limit }: { search?: string | undefined; page: number; limit: number },
  wordsOf: (item: Item) => string,
): Page<Item> {
  const wanted = search.toLowerCase();
  return takePage(
    items.filter((item) => wordsOf(item).toLowerCase().includes(wanted)),
    { page, limit },
  );
}

/** What a store found of a page, out of so many. */
export function asPage<Item>(
  data: readonly Item[],
  total: number,
  { page, limit }: { readonly page: number; readonly limit: number },
): Page<Item> {
  return { data, meta: { page, limit, total, totalPages: Math.ceil(total / limit) } };
}
