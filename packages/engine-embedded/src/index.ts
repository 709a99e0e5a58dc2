export { createEmbeddedEngine, EmbeddedEngine } from "./engine.ts";
export type { EmbeddedEngineOptions, EngineLimits, EngineLogger } from "./options.ts";
