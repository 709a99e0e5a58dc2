export { connect, PbxClient } from "./client.ts";
export type { ClientEvents } from "./client-events.ts";
export type { CommandMethods } from "./commands/command-methods.ts";
export type { CommandPromise, Outcome } from "./commands/command-promise.ts";
export type { CommandOptions, PendingCommand } from "./commands/commander.ts";
export {
  type ClientErrorCode,
  clientErrorCodes,
  type FailureCodeOf,
  type FailureOutcome,
  isPbxError,
  PbxError,
} from "./commands/pbx-error.ts";
export type { ClosedReason, ConnectionState, LossCause } from "./connection/connection-state.ts";
export type { Diagnostic } from "./connection/diagnostic.ts";
export { AuthRequired, type TokenOption, type TokenReason } from "./connection/token-source.ts";
export type { Gap, Resumed } from "./delivery/catch-up.ts";
export type { Meta } from "./delivery/delivery.ts";
export type { ChannelStatus } from "./delivery/wanted-channels.ts";
export type { Dispose } from "./events/emitter.ts";
export { SlowConsumer, type StreamOptions } from "./events/event-stream.ts";
export type { CallFilter } from "./model/call-lists.ts";
export type { EntityKey, LiveModel } from "./model/live-model.ts";
export type { Readable } from "./model/readable.ts";
export type { Reader } from "./model/tracked-table.ts";
export type { ConnectOptions } from "./options.ts";
export type { Clock } from "./platform/clock.ts";
export type { SocketLike, WebSocketLike } from "./platform/web-socket.ts";
