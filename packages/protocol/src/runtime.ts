export type { Audience } from "./core/audience.ts";
export * from "./runtime/allowed-actions.ts";
export * from "./runtime/call-values.ts";
export * from "./runtime/channel-table.ts";
export * from "./runtime/disconnect-reasons.ts";
export * from "./runtime/error-codes.ts";
export * from "./runtime/event-routing.ts";
export * from "./runtime/event-table.ts";
export type * from "./runtime/ids.ts";
export * from "./runtime/limits.ts";
export type * from "./runtime/model/entities.ts";
export { entityChannels, scopeFilter } from "./runtime/model/entity-channels.ts";
export { reduce } from "./runtime/model/reduce.ts";
export * from "./runtime/model/snapshot.ts";
export {
  type Change,
  change,
  channelKindsOf,
  commit,
  emptyTables,
  endedCallLimit,
  keyOf,
  type ReadonlyTables,
  type TableEntities,
  type TableName,
  type Tables,
} from "./runtime/model/tables.ts";
export * from "./runtime/parse-channel.ts";
export * from "./runtime/permissions.ts";
export * from "./runtime/role-permissions.ts";
export type * from "./runtime/types.ts";
export * from "./runtime/values.ts";
