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
  const total = items.length;
  const data = items.slice((page - 1) * limit, page * limit);
  return { data, meta: { page, limit, total, totalPages: Math.ceil(total / limit) } };
}
