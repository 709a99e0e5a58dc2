import type { Scheduler } from "@pbx-x/telephony";
import type { Authenticator } from "../auth/identity.ts";
import type { EventLog } from "../event-log/event-log.ts";
import type { NewId } from "../ids.ts";
import type { CommandHandlers } from "./command-handler.ts";

export interface RealtimeLogger {
  info(details: Readonly<Record<string, unknown>>, message: string): void;
  warn(details: Readonly<Record<string, unknown>>, message: string): void;
}

export interface RealtimeOptions {
  readonly log: EventLog;
  readonly authenticator: Authenticator;
  /** Commands of the slices; those of sessions and channels are built in. */
  readonly handlers: CommandHandlers;
  readonly scheduler: Scheduler;
  readonly newId: NewId;
  readonly serverVersion: string;
  readonly logger: RealtimeLogger;
  readonly limits?: Partial<RealtimeLimits>;
  /** Offers `permessage-deflate` (RFC 7692); off by default ([W35]). */
  readonly compression?: boolean;
}

/** Each number of the wire rules that is a setting. */
export interface RealtimeLimits {
  /** Connections at a time, and of one address. */
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  /** Bytes waiting for a client before events are merged ([W31]). */
  readonly outboxBytes: number;
  readonly hardOutboxBytes: number;
  /** Over `outboxBytes` for so long: `slow_consumer`. */
  readonly slowMs: number;
  /** Events that one replay may have; more is `recovered: false` ([W25]). */
  readonly maxReplay: number;
  /** A lost session can be resumed for so long ([W28]). */
  readonly resumeMs: number;
  /** No frame of the client for so long ends the connection ([W13]). */
  readonly heartbeatTimeoutMs: number;
  /** Warning before the token ends ([W14]). */
  readonly authExpiringMs: number;
  /** Bad frames within 10 s ([W5]). */
  readonly maxBadFrames: number;
  readonly commandsPerSecond: number;
  readonly commandBurst: number;
  readonly originatesPerMinute: number;
  /** Answers remembered against repeats, per user and client ([W4]). */
  readonly rememberedCommands: number;
  readonly rememberMs: number;
  readonly maxChannels: number;
  readonly shutdownMs: number;
}

export const defaultRealtimeLimits: RealtimeLimits = {
  maxConnections: 20_000,
  maxConnectionsPerAddress: 10_000,
  outboxBytes: 1 << 20,
  hardOutboxBytes: 8 << 20,
  slowMs: 10_000,
  maxReplay: 10_000,
  resumeMs: 120_000,
  heartbeatTimeoutMs: 90_000,
  authExpiringMs: 60_000,
  maxBadFrames: 20,
  commandsPerSecond: 20,
  commandBurst: 40,
  originatesPerMinute: 30,
  rememberedCommands: 1000,
  rememberMs: 300_000,
  maxChannels: 500,
  shutdownMs: 5000,
};
