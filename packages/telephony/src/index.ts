export * from "./binding.ts";
export * from "./configuration.ts";
export * from "./engine.ts";
export * from "./events.ts";
export * from "./ids.ts";
export * from "./leg-end.ts";
export * from "./operations.ts";
export * from "./scheduler.ts";
