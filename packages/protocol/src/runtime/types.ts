import type { z } from "zod";
import type { commands } from "../commands/index.ts";
import type { events } from "../events/index.ts";
import type { ErrorCode, commonErrorCodes } from "./error-codes.ts";
import type { eventTable, EventType } from "./event-table.ts";

/** The same data, for reading only. */
export type DeepReadonly<T> = T extends string
  ? T
  : T extends (infer Item)[]
    ? readonly DeepReadonly<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
      : T;

/** `data` of an event. */
export type EventDataOf<T extends EventType> = DeepReadonly<z.output<(typeof events)[T]["data"]>>;

/** What a producer of events has to give: for calls also the fields that every `CALL_*` event of this server has ([C3], [W45]). */
export type ProducedDataOf<T extends EventType> = T extends `CALL_${string}`
  ? EventDataOf<T> &
      Required<Pick<EventDataOf<Extract<T, CallEventType>>, "state" | "version" | "threadId" | "causedBy">>
  : EventDataOf<T>;

export type CallEventType = Extract<EventType, `CALL_${string}`>;

/** Events that have no place in the log ([W1]). */
export type EphemeralEventType = {
  [T in EventType]: (typeof eventTable)[T]["isEphemeral"] extends true ? T : never;
}[EventType];
export type LoggedEventType = Exclude<EventType, EphemeralEventType>;

interface Envelope<T extends EventType> {
  readonly type: T;
  readonly timestamp: string;
  /** Absent from a server that knows the specification only. */
  readonly eventId?: string;
  /** Absent from ephemeral events, and from a server that knows the specification only. */
  readonly seq?: number;
  /** How many earlier events this one stands for ([W31]). */
  readonly conflated?: number;
  /** Paths in `data` of what was masked ([W24]). */
  readonly redacted?: readonly string[];
}

/** An event as it arrives ([W1]). */
export type EventOf<T extends EventType> = T extends "PONG"
  ? Envelope<T> & { readonly data?: EventDataOf<T>; readonly id?: string }
  : Envelope<T> & { readonly data: EventDataOf<T> };

export type AnyEvent = { [T in EventType]: EventOf<T> }[EventType];

export type CommandName = keyof typeof commands;
export type ParamsOf<C extends CommandName> = DeepReadonly<z.output<(typeof commands)[C]["params"]>>;
export type ResultOf<C extends CommandName> = DeepReadonly<z.output<(typeof commands)[C]["result"]>>;

/** The codes that a command can be answered with, the common ones included. */
export type ErrorCodeOf<C extends CommandName> =
  | (typeof commonErrorCodes)[number]
  | Extract<(typeof commands)[C]["errors"][number], ErrorCode>;

/** A command as it is sent ([W3]); only `ping` may do without an `id`. */
export type CommandFrame<C extends CommandName = CommandName> = {
  [Name in C]: Name extends "ping"
    ? { readonly command: Name; readonly id?: string; readonly params?: ParamsOf<Name> }
    : { readonly command: Name; readonly id: string; readonly params: ParamsOf<Name> };
}[C];

/** Why a command was refused ([W6]). */
export interface CommandError<Code extends ErrorCode = ErrorCode> {
  readonly code: Code;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
}

/** The answer to a command ([W3]); `id` is null where none could be read ([W5]). */
export type AnswerFrame<C extends CommandName = CommandName> =
  | { readonly id: string; readonly success: true; readonly data: ResultOf<C>; readonly seq?: number }
  | { readonly id: string | null; readonly success: false; readonly error: CommandError };
