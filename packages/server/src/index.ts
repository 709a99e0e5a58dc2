export type { Authenticator, Identity } from "./auth/identity.ts";
export type { EventLog, LoggedEvent, NewEvent } from "./event-log/event-log.ts";
export { createMemoryEventLog } from "./event-log/memory-event-log.ts";
export { createSqliteEventLog } from "./event-log/sqlite-event-log.ts";
export { createUuidV7 } from "./ids.ts";
export { createRandomPool } from "./random-pool.ts";
export { Projection } from "./realtime/projection.ts";
export { Realtime, type RealtimeParts } from "./realtime/realtime.ts";
export { type RunningServer, type ServerParts, startServer } from "./server.ts";
