import { z } from "zod";

/** A list's answer ([R2]). */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    data: z.array(item).readonly(),
    meta: z
      .object({ page: z.int(), limit: z.int(), total: z.int(), totalPages: z.int() })
      .describe("Which part of the whole list this is."),
  });
}

/** Nothing to say: status 204. */
export const nothing = z.undefined().describe("Done");

/** A time, UTC, ISO 8601. */
export const time = z.iso.datetime();
