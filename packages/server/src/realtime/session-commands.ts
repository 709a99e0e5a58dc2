import type { CommandError, ParamsOf, ResultOf } from "@pbx-x/protocol/runtime";
import type { EventLog, LoggedEvent } from "../event-log/event-log.ts";
import type { Projection } from "./projection.ts";
import { readMissed } from "./replay.ts";
import type { Session } from "./session.ts";
import { availableChannels, canSubscribe } from "./visibility.ts";

type ChannelAnswers = ResultOf<"subscribe">["channels"];

export interface Subscribed {
  readonly result: ResultOf<"subscribe">;
  /** Sent right after the answer, before anything live. */
  readonly replay: readonly LoggedEvent[];
}

export interface SubscribeSurroundings {
  /** Live events wait from now on, until the replay is sent. */
  readonly holdLive: (session: Session) => void;
  readonly update: (session: Session) => void;
  readonly log: EventLog;
  readonly projection: Projection;
  readonly maxChannels: number;
  readonly maxReplay: number;
}

/** `subscribe` ([W20], [W25], [W26]): each channel is judged on its own; missed events or a snapshot come atomically. */
export async function subscribe(
  session: Session,
  params: ParamsOf<"subscribe">,
  { holdLive, update, log, projection, maxChannels, maxReplay }: SubscribeSurroundings,
): Promise<Subscribed> {
  const channels = params.channels.map((channel): ChannelAnswers[number] => {
    const verdict = canSubscribe(session.identity, channel);
    if (!verdict.ok) return { channel, ok: false, error: { code: verdict.code, message: verdict.message } };
    if (session.channels.size >= maxChannels && !session.channels.has(verdict.name)) {
      const message = `A session has at most ${maxChannels} channels.`;
      return { channel, ok: false, error: { code: "INVALID_PARAMS", message } };
    }
    session.channels.set(verdict.name, channel);
    return { channel, ok: true };
  });
  if (params.since !== undefined) holdLive(session);
  update(session);
  const position = Math.max(log.head(), session.servedSeq);
  const base = { channels, epoch: log.epoch, seq: position };
  let replay: readonly LoggedEvent[] = [];
  let recovery: Pick<ResultOf<"subscribe">, "recovered" | "missed"> = {};
  if (params.since !== undefined) {
    // What was sent already cannot be sent again in order ([W30]).
    const isInOrder = !session.hasReceived || session.servedSeq <= params.since.seq;
    const missed = isInOrder
      ? await readMissed(log, session, params.since, position, maxReplay)
      : { ok: false as const };
    replay = missed.ok ? missed.events : [];
    recovery = missed.ok ? { recovered: true, missed: missed.events.length } : { recovered: false };
  }
  session.servedSeq = Math.max(session.servedSeq, position);
  if (params.snapshot !== true) return { result: { ...base, ...recovery }, replay };
  const scope = [...new Set(channels.flatMap(({ channel, ok }) => (ok ? scopeOf(session, channel) : [])))];
  const snapshot = projection.snapshot(log.epoch, scope, position);
  return { result: { ...base, ...recovery, snapshot }, replay };
}

export function unsubscribe(session: Session, params: ParamsOf<"unsubscribe">): ResultOf<"unsubscribe"> {
  return {
    channels: params.channels.map((channel) => {
      const verdict = canSubscribe(session.identity, channel);
      const name = verdict.ok ? verdict.name : channel;
      if (session.channels.delete(name)) return { channel, ok: true };
      const message = `The session does not have the channel "${channel.slice(0, 64)}".`;
      return { channel, ok: false, error: { code: "INVALID_PARAMS", message } };
    }),
  };
}

export function listChannels({ identity, channels }: Session): ResultOf<"listChannels"> {
  return { available: [...availableChannels(identity)], subscribed: [...channels.values()] };
}

/** `me` covers the user's own extension and queues ([W21]). */
export function scopeOf({ identity }: Pick<Session, "identity">, channel: string): readonly string[] {
  if (channel !== "me") return [channel];
  return [
    ...(identity.extensionNumber === undefined ? [] : [`extension:${identity.extensionNumber}`]),
    ...(identity.extensionId === undefined ? [] : [`calls:${identity.extensionId}`]),
    ...identity.queueIds.map((id) => `queues:${id}`),
  ];
}

export function presenceOf(
  params: ParamsOf<"subscribePresence">,
  {
    projection,
    numberOf,
  }: { readonly projection: Projection; readonly numberOf: (extensionId: string) => string | undefined },
):
  | { readonly ok: true; readonly data: ResultOf<"subscribePresence"> }
  | { readonly ok: false; readonly error: CommandError } {
  const unknown = params.extensionIds.filter((id) => numberOf(id) === undefined);
  if (unknown.length > 0) {
    const message = `${unknown.length} of these extensions do not exist.`;
    return {
      ok: false,
      error: { code: "EXTENSION_NOT_FOUND", message, details: { extensionIds: unknown.slice(0, 50) } },
    };
  }
  const subscriptions = params.extensionIds.map((extensionId) => ({
    extensionId,
    number: numberOf(extensionId) ?? "",
    presenceStatus: projection.tables.presence.get(extensionId)?.presenceStatus ?? ("offline" as const),
  }));
  return { ok: true, data: { subscriptions } };
}
