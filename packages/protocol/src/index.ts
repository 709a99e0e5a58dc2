export { commands } from "./commands/index.ts";
export type { ChannelRule } from "./core/audience.ts";
export type { CommandDefinition, EventDefinition } from "./core/message.ts";
export { events } from "./events/index.ts";
export * from "./frames.ts";
export * from "./runtime.ts";
