import type { AnyEvent, EventOf } from "../types.ts";
import type { Call, Party } from "./entities.ts";
import { told } from "./told.ts";
import { without } from "./without.ts";
import { type Change, change, endedCallLimit, type ReadonlyTables } from "./tables.ts";

export type CallEvent = Extract<AnyEvent, { type: `CALL_${string}` }>;

/** What an event of a call changes ([M2], [C3]): nothing if the call is already at this version or later. */
export function reduceCall(tables: ReadonlyTables, event: CallEvent): readonly Change[] {
  const { callId } = event.data;
  const known = tables.calls.get(callId) ?? tables.endedCalls.get(callId);
  if (known !== undefined && isOld(known, event)) return [];
  const after = apply(withIdentity(known ?? newCall(event), event), event);
  const isSame = after.state === known?.state && event.type !== "CALL_RINGING";
  const call = isSame ? after : { ...after, stateSince: event.timestamp };
  if (event.type !== "CALL_ENDED") return [...change(tables, "calls", callId, call), ...parking(tables, event)];
  const { size } = tables.endedCalls;
  const oldest = size >= endedCallLimit ? tables.endedCalls.keys().next().value : undefined;
  return [
    ...change(tables, "calls", callId, undefined),
    ...change(tables, "endedCalls", oldest ?? "", undefined),
    ...change(tables, "endedCalls", callId, call),
    ...freeSlots(tables, callId),
    // Who is called back keeps his place.
    ...(tables.queueEntries.get(callId)?.callback === undefined
      ? change(tables, "queueEntries", callId, undefined)
      : []),
  ];
}

function isOld(known: Call, { data, seq }: CallEvent): boolean {
  if (known.state === "ended") return true;
  if (data.version !== undefined) return data.version <= known.version;
  return seq !== undefined && seq <= known.seq;
}

function newCall({ data }: CallEvent): Call {
  return {
    callId: data.callId,
    seq: 0,
    version: 0,
    threadId: data.callId,
    state: "initiated",
    heldBy: [],
    isRecall: false,
    monitors: [],
    legs: [],
    participants: [],
  };
}

/** What every event of a call tells; the state also where it does not change. */
function withIdentity(call: Call, { data, seq }: CallEvent): Call {
  const summary = data.call ?? {};
  const { parkedBy: _, expiresAt: __, ...rest } = summary;
  const all = { ...call, ...rest, ...told(data, "version", "threadId", "legs", "state"), seq: seq ?? call.seq } as Call;
  return withParticipants(all, [summary.caller, summary.callee, summary.answeredBy]);
}

function apply(call: Call, event: CallEvent): Call {
  switch (event.type) {
    case "CALL_CREATED": {
      const { caller, callee } = event.data;
      const created = {
        ...call,
        state: event.data.state ?? "initiated",
        ...told(event.data, "direction", "caller", "callee", "trunk", "consultFor", "callData"),
        startedAt: event.timestamp,
      };
      return withParticipants(created, [caller, callee]);
    }
    case "CALL_RINGING": {
      const { caller, callee, recall, forwardedFrom } = event.data;
      const ringing = {
        ...without(call, "parkingSlot", "forwardedFrom"),
        state: event.data.state ?? "ringing",
        ...told(event.data, "caller", "callee", "trunk", "callData", "queue", "forwardedFrom"),
        heldBy: [],
        isRecall: recall ?? false,
      };
      return withParticipants(ringing, [caller, callee, forwardedFrom]);
    }
    case "CALL_ANSWERED": {
      const answered = {
        ...without(call, "transfer", "parkingSlot", "conferenceId"),
        state: event.data.state ?? "answered",
        ...told(event.data, "answeredBy", "callee", "trunk", "callData", "queue", "conferenceId"),
        answeredAt: call.answeredAt ?? event.timestamp,
        talkSince: event.timestamp,
        heldBy: [],
        isRecall: false,
      };
      return withParticipants(answered, [event.data.answeredBy]);
    }
    case "CALL_HELD": {
      const { heldBy, holders, state } = event.data;
      const others = call.heldBy.filter(({ number }) => number !== heldBy.number);
      return withParticipants({ ...call, state: state ?? "held", heldBy: holders ?? [...others, heldBy] }, [heldBy]);
    }
    case "CALL_UNHELD":
      return { ...call, state: event.data.state ?? "answered", heldBy: event.data.holders ?? [] };
    case "CALL_TRANSFERRED": {
      const { transferredBy, transferTarget } = event.data;
      const transferred = {
        ...without(call, "answeredBy"),
        state: event.data.state ?? "transferred",
        ...told(event.data, "caller", "callee"),
        transfer: told(event.data, "transferId", "transferType", "transferredBy", "transferTarget"),
        heldBy: [],
      };
      return withParticipants(transferred, [transferredBy, transferTarget]);
    }
    case "CALL_TRANSFER_FAILED":
      return without(call, "transfer");
    case "CALL_PARKED": {
      const { parkingSlot, parkedBy, parkedParty, state } = event.data;
      const parked = { ...call, state: state ?? "parked", parkingSlot, heldBy: [] };
      if (parkedParty === undefined) return withParticipants(parked, [parkedBy]);
      // Who parked is gone; who waits is the caller from now on.
      const alone = { ...without(parked, "answeredBy", "forwardedFrom"), callee: { number: parkingSlot } };
      return withParticipants({ ...alone, caller: parkedParty }, [parkedParty, parkedBy]);
    }
    case "CALL_UNPARKED": {
      const { pickedUpBy, state } = event.data;
      const unparked = { ...without(call, "parkingSlot"), state: state ?? "answered", talkSince: event.timestamp };
      if (pickedUpBy === undefined) return unparked;
      return withParticipants({ ...unparked, callee: pickedUpBy, answeredBy: pickedUpBy }, [pickedUpBy]);
    }
    case "CALL_RECORDING_STARTED": {
      const { recordingId, startedBy } = event.data;
      const isByPolicy = startedBy === undefined;
      return {
        ...call,
        recording: { recordingId, state: "recording", ...(isByPolicy && { isByPolicy }) },
      };
    }
    case "CALL_RECORDING_RESUMED":
    case "CALL_RECORDING_PAUSED": {
      const { recordingId } = event.data;
      const state = event.type === "CALL_RECORDING_PAUSED" ? "paused" : "recording";
      return { ...call, recording: { ...call.recording, recordingId, state } };
    }
    case "CALL_RECORDING_STOPPED":
    case "CALL_RECORDING_FAILED":
      return without(call, "recording");
    case "CALL_MONITOR_STARTED": {
      const { monitorId, mode, monitoredBy } = event.data;
      return { ...call, monitors: [...otherMonitors(call, monitorId), { monitorId, mode, monitoredBy }] };
    }
    case "CALL_MONITOR_STOPPED":
      return { ...call, monitors: otherMonitors(call, event.data.monitorId) };
    case "CALL_DTMF":
    // The legs, which every event may tell, say who is muted.
    case "CALL_MUTED":
    case "CALL_UNMUTED":
      return call;
    case "CALL_DATA_ATTACHED": {
      const { callData } = event.data;
      const rest = without(call, "callData");
      return Object.keys(callData).length === 0 ? rest : { ...rest, callData };
    }
    case "CALL_ENDED":
      return end(call, event);
    // A type of a newer server ([D4]).
    default:
      return call;
  }
}

function end(call: Call, { data, timestamp }: EventOf<"CALL_ENDED">): Call {
  const { caller, callee } = data;
  const ended = {
    at: timestamp,
    ...told(data, "hangupCause", "hangupBy", "durationSeconds", "reason", "mergedInto"),
  };
  return {
    ...without(call, "parkingSlot", "recording", "transfer"),
    // The end names the parties by number only; what was known of them stays.
    caller: call.caller?.number === caller.number ? call.caller : caller,
    callee: call.callee?.number === callee.number ? call.callee : callee,
    state: "ended",
    heldBy: [],
    monitors: [],
    legs: [],
    ended,
  };
}

function otherMonitors(call: Call, monitorId: string): Call["monitors"] {
  return call.monitors.filter((monitor) => monitor.monitorId !== monitorId);
}

function withParticipants(call: Call, parties: readonly (Party | undefined)[]): Call {
  let { participants } = call;
  for (const party of parties) {
    // Hidden, or masked for this client: nobody that could be told apart.
    if (party === undefined || party.number === "") continue;
    const known = participants.find(({ number }) => number === party.number);
    if (known === undefined) participants = [...participants, party];
    else if (isNews(known, party))
      participants = participants.map((each) => (each === known ? { ...known, ...party } : each));
  }
  return participants === call.participants ? call : { ...call, participants };
}

function isNews(known: Party, party: Party): boolean {
  return (["name", "extensionId"] as const).some(
    (field) => party[field] !== undefined && party[field] !== known[field],
  );
}

function parking(tables: ReadonlyTables, event: CallEvent): readonly Change[] {
  if (event.type === "CALL_UNPARKED") return change(tables, "parkingSlots", event.data.parkingSlot, undefined);
  if (event.type !== "CALL_PARKED") return [];
  return change(tables, "parkingSlots", event.data.parkingSlot, {
    ...told(event.data, "parkingSlot", "callId", "parkedBy", "expiresAt", "parkedParty"),
    parkedAt: event.timestamp,
    seq: event.seq ?? 0,
  });
}

function freeSlots(tables: ReadonlyTables, callId: string): readonly Change[] {
  const slot = tables.calls.get(callId)?.parkingSlot ?? "";
  return tables.parkingSlots.get(slot)?.callId === callId ? change(tables, "parkingSlots", slot, undefined) : [];
}
