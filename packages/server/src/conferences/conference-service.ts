import type { BridgeId, LegEndCause, LegId, Scheduler, TelephonyEvent } from "@pbx-x/telephony";
import type { LeaveReason } from "@pbx-x/protocol";
import type { Call } from "../calls/call.ts";
import type { CallService } from "../calls/call-service.ts";
import { DecisionBuilder, type Cause } from "../calls/decision.ts";
import { endCall } from "../calls/end-call.ts";
import { sharedLeg } from "../calls/shared-leg.ts";
import type { NewEvent } from "../event-log/event-log.ts";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import type { AnnouncementId, AnnouncementLanguage } from "../announcements/announcement-texts.ts";
import { Announcer } from "./announcer.ts";
import {
  type Actor,
  actorOf,
  type Conference,
  type ConferenceDecision,
  decideEnd,
  decideEndWithout,
  decideJoin,
  decideLeave,
  decideLock,
  decideMute,
  decideTakePlace,
  decidePromote,
  type Joiner,
  type Participant,
} from "./conference.ts";
import {
  type AdHocRoom,
  type ConferenceDirectory,
  type ConferenceRoom,
  defaultRoom,
  isAdHoc,
} from "./conference-room.ts";
import { type DoorOutcome, isAsked, whatStandsAgainst } from "./door.ts";
import { DoorKeeper, type InConference, type Waiting } from "./door-keeper.ts";
import type { Order } from "./conference-keys.ts";
import { endsWith, type Place, whatStandsAgainstPassingOn } from "./passing-on.ts";
import { KeyReader } from "./key-reader.ts";

export interface ConferenceServiceOptions {
  readonly calls: CallService;
  readonly rooms: ConferenceDirectory;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
  /** Appends to the log; the position of the last event. */
  readonly publish: (events: readonly NewEvent[]) => number | undefined;
  readonly scheduler: Scheduler;
  /** A moderator's key; nothing where left out ([V26]). */
  readonly toggleRecording?: (place: Place) => void;
}

/** Keeps the conferences that go on, lets callers in, and tells what happens in them ([V2]). */
export class ConferenceService {
  readonly #options: ConferenceServiceOptions;
  readonly #announcer: Announcer;
  readonly #conferences = new Map<string, Conference>();
  /** Rooms without a number, by their id. */
  readonly #adHoc = new Map<string, AdHocRoom>();
  readonly #doors: DoorKeeper;
  /** Which conference a call is in. */
  readonly #places = new Map<string, string>();
  readonly #keys: KeyReader;
  readonly #listeners = new Set<(before: Conference | undefined, after: Conference | undefined) => void>();

  #toldSeq: number | undefined;

  constructor(options: ConferenceServiceOptions) {
    this.#options = options;
    const { calls, scheduler } = options;
    this.#doors = new DoorKeeper(scheduler, (waiting, outcome) => this.#judge(waiting, outcome));
    this.#keys = new KeyReader(scheduler);
    this.#announcer = new Announcer({ perform: (operation) => calls.perform(operation), newId: calls.newId });
    calls.onChanged((before, after) => this.#onCall(before, after));
    calls.transfers.useRooms(({ callId }) => {
      const place = this.placeOf(callId);
      return place && whatStandsAgainstPassingOn(place, this.roomOf(place.conference.conferenceId));
    });
  }

  get(conferenceId: string): Conference | undefined {
    return this.#conferences.get(conferenceId);
  }

  all(): readonly Conference[] {
    return [...this.#conferences.values()];
  }

  /** Of a room with a number, or of one that was made of calls. */
  roomOf(conferenceId: string): ConferenceRoom | undefined {
    return this.#options.rooms.byId(conferenceId) ?? this.#adHoc.get(conferenceId);
  }

  /** Those without a number that go on. */
  adHocRooms(): readonly AdHocRoom[] {
    return [...this.#adHoc.values()];
  }

  /** A room for calls that are brought together now ([V25]). */
  openAdHoc(room: AdHocRoom): void {
    this.#adHoc.set(room.id, room);
  }

  /** Position of the last event that was told of any conference. */
  get toldSeq(): number | undefined {
    return this.#toldSeq;
  }

  /** Told of every change of a conference, after its events were appended; `after` is undefined when it is over. */
  onChanged(listener: (before: Conference | undefined, after: Conference | undefined) => void): void {
    this.#listeners.add(listener);
  }

  /** Before the calls hear of it: why a phone is gone is known here alone. */
  onTelephony(event: TelephonyEvent): void {
    this.#announcer.onTelephony(event);
    if (event.type !== "legEnded" && event.type !== "dtmfReceived") return;
    const call = this.#options.calls.registry.ofLeg(event.legId);
    if (call?.stage.at !== "conference") return;
    // Who hangs up between a room and another call passes that one on ([C35], [V27]): its party takes the place.
    if (event.type === "legEnded" && sharedLeg(call, event.legId) !== undefined) return;
    if (event.type === "legEnded") this.#leave(call.callId, isLost(event.cause) ? "timeout" : "left", { via: "phone" });
    else this.#onKey(call.callId, event.digit);
  }

  mute(conferenceId: string, participantId: string, isMuted: boolean, by: Actor, cause: Cause): number | undefined {
    const conference = this.#conferences.get(conferenceId);
    if (conference === undefined) return undefined;
    const seq = this.#take(decideMute(conference, participantId, isMuted, by, this.#context(cause)), conference);
    const participant = conference.participants.find((one) => one.participantId === participantId);
    if (seq !== undefined && participant !== undefined) {
      this.#say(participant, isMuted ? "conference-muted" : "conference-unmuted");
    }
    return seq;
  }

  /** The participant hears why, and the call ends. */
  kick(conferenceId: string, participantId: string, cause: Cause): number | undefined {
    const participant = this.#conferences
      .get(conferenceId)
      ?.participants.find((one) => one.participantId === participantId);
    if (participant === undefined) return undefined;
    const seq = this.#leave(participant.callId, "kicked", cause);
    this.#dismiss(participant.callId, ["conference-kicked"], "conference_kicked", cause);
    return seq;
  }

  /** Everybody has to go. */
  end(conferenceId: string, by: Actor, cause: Cause): number | undefined {
    const conference = this.#conferences.get(conferenceId);
    if (conference === undefined) return undefined;
    const seq = this.#take(decideEnd(conference, by, this.#context(cause)), conference);
    for (const { callId } of conference.participants) {
      this.#places.delete(callId);
      this.#dismiss(callId, ["conference-ended"], "conference_ended", cause);
    }
    return seq;
  }

  lock(conferenceId: string, isLocked: boolean, by: Actor, cause: Cause): number | undefined {
    const conference = this.#conferences.get(conferenceId);
    if (conference === undefined) return undefined;
    return this.#take(decideLock(conference, isLocked, by, this.#context(cause)), conference);
  }

  /** Somebody in the room becomes moderator, and hears so ([V28]). */
  promote(conferenceId: string, participantId: string, by: Actor, cause: Cause): number | undefined {
    const conference = this.#conferences.get(conferenceId);
    if (conference === undefined) return undefined;
    const seq = this.#take(decidePromote(conference, participantId, by, this.#context(cause)), conference);
    const participant = conference.participants.find((one) => one.participantId === participantId);
    if (seq !== undefined && participant !== undefined) this.#say(participant, "conference-moderator");
    return seq;
  }

  /** Whether it is recorded as a whole, which is told elsewhere ([V26]). */
  setRecording(conferenceId: string, recordingId: string | undefined): void {
    const conference = this.#conferences.get(conferenceId);
    if (conference === undefined) return;
    const { recordingId: _, ...rest } = conference;
    this.#conferences.set(conferenceId, recordingId === undefined ? rest : { ...rest, recordingId });
  }

  /** The place that a call has. */
  placeOf(callId: string): Place | undefined {
    const conference = this.#conferences.get(this.#places.get(callId) ?? "");
    const participant = conference?.participants.find((one) => one.callId === callId);
    return conference === undefined || participant === undefined ? undefined : { conference, participant };
  }

  placeOfLeg(legId: LegId): Place | undefined {
    const call = this.#options.calls.registry.ofLeg(legId);
    return call === undefined ? undefined : this.placeOf(call.callId);
  }

  #onCall(before: Call | undefined, after: Call): void {
    const was = before?.stage.at === "conference" ? before.stage : undefined;
    const is = after.stage.at === "conference" ? after.stage : undefined;
    if (was === undefined && is !== undefined) this.#arrive(after, is);
    if (was !== undefined && is === undefined) {
      this.#doors.forget(after.callId);
      // The phone may go on in another call.
      this.#announcer.stop(was.callerLegId);
      // Merged: the place stays until the one comes who takes it, in the same step ([V27]).
      if (after.mergedInto === undefined) this.#leave(after.callId, "left", { via: "phone" });
    }
  }

  #arrive(call: Call, stage: InConference): void {
    const room = this.roomOf(stage.conferenceId);
    if (room === undefined) return this.#dismiss(call.callId, [], "conference_gone", { via: "system" });
    const userId = this.#userOf(call);
    const isModerator = userId !== undefined && room.moderatorUserIds.includes(userId);
    const former = stage.inPlaceOf === undefined ? undefined : this.placeOf(stage.inPlaceOf);
    if (former !== undefined) return this.#takePlace(call, stage, room, { ...former, isModerator });
    if (!isAsked(room, userId)) return this.#enter(call, stage, room, isModerator);
    this.#doors.wait({ call, stage, room, door: { digits: "", tries: 0 } });
    this.#announcer.say(stage.callerLegId, room.language, ["conference-enter-pin"]);
  }

  #onKey(callId: string, digit: string): void {
    if (this.#doors.press(callId, digit, ({ stage }) => this.#announcer.stop(stage.callerLegId))) return;
    const place = this.placeOf(callId);
    if (place === undefined) return;
    const { isModerator } = place.participant;
    const { moderatorPin } = this.roomOf(place.conference.conferenceId) ?? defaultRoom;
    const order = this.#keys.press(callId, digit, { isModerator, moderatorPin });
    if (order !== undefined) this.#order(place, order);
  }

  #order({ conference, participant }: Place, order: Order): void {
    const { conferenceId, isLocked } = conference;
    const { participantId, isMuted } = participant;
    const by = actorOf(participant);
    switch (order) {
      case "mute":
        this.mute(conferenceId, participantId, !isMuted, by, { via: "phone" });
        break;
      case "lock":
        this.lock(conferenceId, !isLocked, by, { via: "phone" });
        break;
      case "record":
        this.#options.toggleRecording?.({ conference, participant });
        break;
      case "end":
        this.end(conferenceId, by, { via: "phone" });
        break;
      case "ask_pin":
        this.#say(participant, "conference-enter-pin");
        break;
      case "wrong_pin":
        this.#say(participant, "conference-wrong-pin");
        break;
      case "moderate":
        this.promote(conferenceId, participantId, by, { via: "phone" });
        break;
    }
  }

  #judge(waiting: Waiting, outcome: DoorOutcome): void {
    const { call, stage, room } = waiting;
    const { callId } = call;
    switch (outcome.is) {
      case "waiting":
        return this.#doors.wait({ ...waiting, door: outcome.door });
      case "wrong":
        this.#doors.wait({ ...waiting, door: outcome.door });
        return this.#announcer.say(stage.callerLegId, room.language, ["conference-wrong-pin", "conference-enter-pin"]);
      case "refused":
        this.#doors.forget(callId);
        return this.#dismiss(callId, ["conference-wrong-pin", "goodbye"], "conference_wrong_pin", { via: "phone" });
      case "open":
        this.#doors.forget(callId);
        return this.#enter(call, stage, room, outcome.isModerator);
    }
  }

  #enter(call: Call, { callerLegId: legId }: InConference, room: ConferenceRoom, isModerator: boolean): void {
    const before = this.#conferences.get(room.id);
    const against = before === undefined ? undefined : whatStandsAgainst(before, room, isModerator);
    const { callId } = call;
    if (against !== undefined) {
      const reason = against === "conference-full" ? "conference_full" : "conference_locked";
      return this.#dismiss(callId, [against], reason, { via: "phone" });
    }
    this.#places.set(callId, room.id);
    const decision = decideJoin(before, room, this.#joiner(call, legId, isModerator), this.#context({ via: "phone" }));
    this.#take(decision, before);
    this.#settle(callId, decision.conference?.bridgeId);
    if (isAdHoc(room)) return;
    if (before === undefined) this.#announcer.say(legId, room.language, ["conference-alone"]);
    else for (const other of before.participants) this.#announcer.stop(other.legId);
  }

  /** He was let in by the one who passed the call on: nobody asks him. */
  #takePlace(
    call: Call,
    { callerLegId, inPlaceOf = "" }: InConference,
    room: ConferenceRoom,
    { conference, participant, isModerator }: Place & { readonly isModerator: boolean },
  ): void {
    this.#places.delete(inPlaceOf);
    this.#keys.forget(inPlaceOf);
    this.#places.set(call.callId, room.id);
    const joiner = this.#joiner(call, callerLegId, isModerator);
    const context = this.#context({ via: "phone" });
    this.#take(decideTakePlace(conference, room, { former: participant, joiner }, context), conference);
    this.#settle(call.callId, conference.bridgeId);
  }

  #joiner(call: Call, legId: LegId, isModerator: boolean): Joiner {
    const userId = this.#userOf(call);
    const { callId, caller } = call;
    const isMuted = call.muted?.includes(legId) === true;
    return { callId, legId, party: caller, isModerator, isMuted, ...(userId !== undefined && { userId }) };
  }

  /** From now on the call's voice is in the conference: who records or listens to it goes along ([V24]). */
  #settle(callId: string, bridgeId: BridgeId | undefined): void {
    const { calls } = this.#options;
    const call = calls.registry.get(callId);
    if (call?.stage.at !== "conference" || bridgeId === undefined) return;
    const builder = new DecisionBuilder(call, this.#context({ via: "system" }));
    calls.apply(call, builder.change({ stage: { ...call.stage, bridgeId }, muted: [] }).build());
  }

  #leave(callId: string, reason: LeaveReason, cause: Cause): number | undefined {
    const place = this.placeOf(callId);
    this.#places.delete(callId);
    this.#keys.forget(callId);
    if (place === undefined) return undefined;
    const { conference, participant } = place;
    const context = this.#context(cause);
    const decision = endsWith(place, this.roomOf(conference.conferenceId))
      ? decideEndWithout(conference, participant, reason, context)
      : decideLeave(conference, participant.participantId, reason, context);
    const seq = this.#take(decision, conference);
    if (decision.conference === undefined) this.#sendHome(conference, participant);
    return seq;
  }

  /** Who is left in a conference that is over hears so, and the call ends ([V25], [V28]). */
  #sendHome({ participants }: Conference, leaver: Participant): void {
    for (const { callId } of participants) {
      if (callId === leaver.callId) continue;
      this.#places.delete(callId);
      this.#dismiss(callId, ["conference-ended"], "conference_ended", { via: "system" });
    }
  }

  /** Says why, and ends the call. */
  #dismiss(callId: string, why: readonly AnnouncementId[], reason: string, cause: Cause): void {
    const { calls } = this.#options;
    const call = calls.registry.get(callId);
    if (call?.stage.at !== "conference") return;
    const { callerLegId, conferenceId } = call.stage;
    this.#announcer.say(callerLegId, this.#languageOf(conferenceId), why, () => {
      const now = calls.registry.get(callId);
      if (now === undefined) return;
      const builder = new DecisionBuilder(now, calls.context(cause));
      endCall(builder, { end: { cause: "normal" }, by: "system", reason });
      calls.apply(now, builder.build());
    });
  }

  #take({ conference, events, operations }: ConferenceDecision, before: Conference | undefined): number | undefined {
    if (conference !== undefined) this.#conferences.set(conference.conferenceId, conference);
    else if (before !== undefined) {
      this.#conferences.delete(before.conferenceId);
      this.#adHoc.delete(before.conferenceId);
    }
    const seq = events.length === 0 ? undefined : this.#options.publish(events);
    this.#toldSeq = seq ?? this.#toldSeq;
    for (const operation of operations) void this.#options.calls.perform(operation);
    for (const listener of this.#listeners) listener(before, conference);
    return seq;
  }

  #say({ callId, legId }: Participant, id: AnnouncementId): void {
    this.#announcer.say(legId, this.#languageOf(this.#places.get(callId) ?? ""), [id]);
  }

  #languageOf(conferenceId: string): AnnouncementLanguage {
    return (this.roomOf(conferenceId) ?? defaultRoom).language;
  }

  #context(cause: Cause) {
    return this.#options.calls.context(cause);
  }

  #userOf({ caller }: Call): string | undefined {
    return caller.extensionId === undefined ? undefined : this.#options.extensions.byId(caller.extensionId)?.userId;
  }
}

/** The phone did not hang up: it is gone. */
function isLost(cause: LegEndCause): boolean {
  return cause !== "normal" && cause !== "cancelled" && cause !== "answered_elsewhere";
}
