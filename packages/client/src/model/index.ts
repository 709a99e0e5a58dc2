export { type CallFilter, fits } from "./call-lists.ts";
export { type EntityKey, LiveModel, type LiveModelOptions } from "./live-model.ts";
export type { Readable } from "./readable.ts";
export { isSameList } from "./same-list.ts";
export { mergeIn, outsideOf, replaceBy } from "./state-difference.ts";
export type { Reader } from "./tracked-table.ts";
