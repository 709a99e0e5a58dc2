import type { z } from "zod";
import type { ErrorCode } from "../runtime/error-codes.ts";
import { type Conflation, type EventFacts, type EventType, eventTable } from "../runtime/event-table.ts";
import type { Permission } from "../runtime/permissions.ts";
import type { ChannelRule } from "./audience.ts";

/** An event of the wire as one object: types, dispatch, documents and examples all derive from it. */
export interface EventDefinition<Type extends EventType = EventType, Data extends z.ZodType = z.ZodType> {
  readonly kind: "event";
  readonly type: Type;
  /** Ephemeral events have no `seq` and are not replayed ([W1]). */
  readonly isEphemeral: boolean;
  /** Schema of `data`; undefined only for events that have none. */
  readonly data: Data;
  /** Channels that carry it ([W23]); empty for life-cycle events, which every session gets. */
  readonly channels: readonly ChannelRule[];
  /** Right that a session needs at delivery ([W24]). */
  readonly permission: Permission;
  /** How the outbox may merge it when a client is slow ([W31]). */
  readonly conflation: Conflation;
  /** When it is sent, in one sentence. */
  readonly when: string;
  /** A whole example of `data`, checked by the schema. */
  readonly example: z.input<Data>;
  /** Section of the specification, or the rule id that added it. */
  readonly source: string;
}

/** A command of the wire as one object. */
export interface CommandDefinition<
  Name extends string = string,
  Params extends z.ZodType = z.ZodType,
  Result extends z.ZodType = z.ZodType,
  Errors extends readonly ErrorCode[] = readonly ErrorCode[],
> {
  readonly kind: "command";
  readonly name: Name;
  readonly params: Params;
  readonly result: Result;
  readonly permission: Permission;
  /** The codes this command can answer beside those that every command can ([W6], N9). */
  readonly errors: Errors;
  /** A repeat has no further effect, so a client may send it again after a lost connection (K4). */
  readonly isIdempotent: boolean;
  readonly when: string;
  readonly example: { readonly params: z.input<Params>; readonly result: z.input<Result> };
  readonly source: string;
}

/** What an event's own file tells; channels, right and conflation are added from the event table. */
export type EventContents<Type extends EventType, Data extends z.ZodType> = Pick<
  EventDefinition<Type, Data>,
  "type" | "data" | "when" | "example" | "source"
>;

export function defineEvent<const Type extends EventType, Data extends z.ZodType>(
  contents: EventContents<Type, Data>,
): EventDefinition<Type, Data> {
  const { isEphemeral, channels, permission, conflation }: EventFacts = eventTable[contents.type];
  return { kind: "event", isEphemeral, channels, permission, conflation, ...contents };
}

export function defineCommand<
  const Name extends string,
  Params extends z.ZodType,
  Result extends z.ZodType,
  const Errors extends readonly ErrorCode[],
>(
  definition: Omit<CommandDefinition<Name, Params, Result, Errors>, "kind">,
): CommandDefinition<Name, Params, Result, Errors> {
  return { kind: "command", ...definition };
}
