import type { WordTable } from "./word-table.ts";

export const adminWords = {} as const satisfies WordTable;
