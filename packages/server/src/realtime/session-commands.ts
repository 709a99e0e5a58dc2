import type { CommandFrame, CommandName, ParamsOf, ResultOf } from "@pbx-x/protocol/runtime";
import type { Authenticator } from "../auth/identity.ts";
import type { EventLog, LoggedEvent } from "../event-log/event-log.ts";
import type { CommandOutcome } from "./command-handler.ts";
import type { Projection } from "./projection.ts";
import { redactSnapshot } from "./redaction.ts";
import type { RealtimeLimits } from "./realtime-options.ts";
import { readMissed } from "./replay.ts";
import type { Replaying, Session } from "./session.ts";
import { subscribePresence, unsubscribePresence } from "./presence-commands.ts";
import { availableChannels, canSubscribe } from "./visibility.ts";

type ChannelAnswers = ResultOf<"subscribe">["channels"];

/** What a session's own command came to; `afterwards` runs once the answer is sent. */
export interface SessionOutcome {
  readonly outcome: CommandOutcome<object>;
  readonly afterwards?: () => void;
}

export interface SessionCommandOptions {
  readonly log: EventLog;
  readonly projection: Projection;
  readonly authenticator: Pick<Authenticator, "authenticate">;
  readonly numberOf: (extensionId: string) => string | undefined;
  readonly limits: Pick<RealtimeLimits, "maxChannels" | "maxReplay">;
  /** Puts a session's channels and rights in force. */
  readonly update: (session: Session) => void;
  /** Live events wait from now on; undefined where the session is not live. */
  readonly hold: (session: Session) => Replaying | undefined;
  /** Hears that the log could not be read for a client that asked for what it missed. */
  readonly onReadFailure: (error: unknown) => void;
  readonly goLive: (session: Session, state: Replaying, replay: readonly LoggedEvent[], upTo: number) => void;
}

const names = [
  "subscribe",
  "unsubscribe",
  "listChannels",
  "refreshToken",
  "subscribePresence",
  "unsubscribePresence",
] as const satisfies readonly CommandName[];

/** Commands about the session itself: their effect ends with it, and a repeat does no harm. */
export type SessionCommandFrame = CommandFrame<(typeof names)[number]>;

export function isSessionCommand(frame: CommandFrame): frame is SessionCommandFrame {
  return names.some((name) => name === frame.command);
}

export async function carryOutSessionCommand(
  session: Session,
  frame: SessionCommandFrame,
  options: SessionCommandOptions,
): Promise<SessionOutcome> {
  const { update } = options;
  switch (frame.command) {
    case "subscribe":
      return subscribe(session, frame.params, options);
    case "unsubscribe": {
      const data = unsubscribe(session, frame.params);
      update(session);
      return succeed(data);
    }
    case "listChannels":
      return succeed(listChannels(session));
    case "refreshToken":
      return { outcome: await refreshToken(session, frame.params.token, options) };
    case "subscribePresence": {
      const outcome = subscribePresence(session, frame.params, options);
      update(session);
      return { outcome };
    }
    case "unsubscribePresence": {
      const data = unsubscribePresence(session, frame.params);
      update(session);
      return succeed(data);
    }
  }
}

/** `subscribe` ([W20], [W25], [W26]): each channel is judged on its own; missed events or a snapshot come atomically. */
async function subscribe(
  session: Session,
  params: ParamsOf<"subscribe">,
  { log, projection, limits, update, hold, goLive, onReadFailure }: SessionCommandOptions,
): Promise<SessionOutcome> {
  const channels = params.channels.map((channel) => addChannel(session, channel, limits.maxChannels));
  const { since } = params;
  const state = since === undefined ? undefined : hold(session);
  update(session);
  const seq = Math.max(log.head(), session.servedSeq);
  const scope = [...new Set(channels.flatMap(({ channel, ok }) => (ok ? scopeOf(session, channel) : [])))];
  // Taken before anything is waited for: it is the state as of the answer's position.
  const snapshot =
    params.snapshot === true
      ? { snapshot: redactSnapshot(projection.snapshot(log.epoch, scope, seq), projection.tables, session.identity) }
      : {};
  const base = { channels, epoch: log.epoch, seq, ...snapshot };
  if (since === undefined) {
    session.servedSeq = Math.max(session.servedSeq, seq);
    return succeed(base);
  }
  // What was sent already cannot be sent again in order ([W30]).
  const isInOrder = !session.hasReceived || session.servedSeq <= since.seq;
  const unknown = { ok: false } as const;
  const missed = isInOrder
    ? await readMissed(log, session, since, seq, limits.maxReplay).catch((error: unknown) => {
        // A gap, which the client fills by the state: it must not be left without what happens from now on.
        onReadFailure(error);
        return unknown;
      })
    : unknown;
  // The connection that asked may be gone meanwhile: the next one has its own position.
  const events = missed.ok && state !== undefined && session.state === state ? missed.events : undefined;
  return {
    outcome: {
      ok: true,
      data: events === undefined ? { ...base, recovered: false } : { ...base, recovered: true, missed: events.length },
    },
    afterwards: () => {
      if (state !== undefined) goLive(session, state, events ?? [], seq);
    },
  };
}

function addChannel(session: Session, channel: string, maxChannels: number): ChannelAnswers[number] {
  const verdict = canSubscribe(session.identity, channel);
  if (!verdict.ok) return { channel, ok: false, error: { code: verdict.code, message: verdict.message } };
  if (session.channels.size >= maxChannels && !session.channels.has(verdict.name)) {
    const message = `A session has at most ${maxChannels} channels.`;
    return { channel, ok: false, error: { code: "INVALID_PARAMS", message } };
  }
  session.channels.set(verdict.name, channel);
  return { channel, ok: true };
}

function unsubscribe(session: Session, params: ParamsOf<"unsubscribe">): ResultOf<"unsubscribe"> {
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

function listChannels({ identity, channels }: Session): ResultOf<"listChannels"> {
  return { available: [...availableChannels(identity)], subscribed: [...channels.values()] };
}

/** `me` covers the user's own extension and queues, and the place of an own call in any queue (`me:<extensionId>`, [W21]). */
export function scopeOf({ identity }: Pick<Session, "identity">, channel: string): readonly string[] {
  if (channel !== "me") return [channel];
  return [
    ...(identity.extensionNumber === undefined ? [] : [`extension:${identity.extensionNumber}`]),
    ...(identity.extensionId === undefined ? [] : [`calls:${identity.extensionId}`, `me:${identity.extensionId}`]),
    ...identity.queueIds.map((id) => `queues:${id}`),
    // Reduced to the own ones where one does not see all of them.
    ...(identity.permissions.has("conferences.view.all") ? [] : ["conferences"]),
  ];
}

async function refreshToken(
  session: Session,
  token: string,
  { authenticator, update }: SessionCommandOptions,
): Promise<CommandOutcome<ResultOf<"refreshToken">>> {
  const authentication = await authenticator.authenticate(token);
  if (!authentication.ok || authentication.identity.userId !== session.identity.userId) {
    return { ok: false, error: { code: "UNAUTHORIZED", message: "This token cannot renew the session." } };
  }
  session.identity = authentication.identity;
  session.hasWarnedOfExpiry = false;
  update(session);
  return { ok: true, data: { tokenExpiresAt: new Date(session.identity.tokenExpiresAtMs).toISOString() } };
}

function succeed(data: object): SessionOutcome {
  return { outcome: { ok: true, data } };
}
