import { z } from "zod";
import { callDirections, callStates, causes, transferTypes } from "../runtime/call-values.ts";
import { wireLimits } from "../runtime/limits.ts";

const { maximumIdLength, maximumNumberLength, maximumTextLength } = wireLimits;

/** Any id but a call's: text that only its maker can read. */
export const id = z.string().min(1).max(maximumIdLength);

/** Ids of calls, events and recordings are UUIDs of any version ([C1], [W1]). */
export const uuid = z.guid();

/** UTC, ISO 8601, with milliseconds ([W2]). */
export const instant = z.iso.datetime({ precision: 3 });

export const seconds = z.number().nonnegative();
export const count = z.int().nonnegative();
export const seq = z.int().nonnegative();
/** A number as dialled or shown; empty where a caller hides it. */
export const number = z.string().max(maximumNumberLength);
export const dialled = z.string().min(1).max(maximumNumberLength);
export const name = z.string().max(maximumTextLength);
export const text = z.string().max(maximumTextLength);
/** A word of a list that may grow, e.g. `answered_elsewhere`. */
export const word = z.string().min(1).max(64);

/** One side of a call; `extensionId` where it is one of the PBX's extensions. */
export const party = z.object({
  number,
  name: name.exactOptional(),
  extensionId: id.exactOptional(),
});

/** An extension, or an outside party, that did something. */
export const extensionRef = z.object({
  extensionId: id.exactOptional(),
  number,
  name: name.exactOptional(),
});

export const userRef = z.object({ userId: id, name: name.exactOptional() });
export const trunkRef = z.object({ id, name });

/** Who or what brought an event about ([W45]). */
export const causedBy = z.object({
  via: z.enum(causes),
  userId: id.exactOptional(),
  commandId: id.exactOptional(),
});

/** One device's part in a call ([C2]). */
export const leg = z.object({
  legId: id,
  side: z.enum(["caller", "callee", "monitor"]),
  state: z.enum(["dialling", "ringing", "answered", "held"]),
  number: number.exactOptional(),
  extensionId: id.exactOptional(),
  bindingId: id.exactOptional(),
  userAgent: text.exactOptional(),
  /** The device can be told to answer ([W42]). */
  canAnswerRemotely: z.boolean().exactOptional(),
  /** The other side does not hear it, by `mute` ([C62]). */
  isMuted: z.literal(true).exactOptional(),
});

/** The queue that a call waits in or came through, and how long it has waited there. */
export const queueVisit = z.object({ id, name, waitSeconds: seconds });

/** What applications have attached to a call: names with any JSON ([C80]). */
export const callData = z.record(z.string().min(1).max(64), z.unknown());

/** What is known of a call besides the event itself, for clients that did not see its beginning ([W49]). */
export const callSummary = z.object({
  direction: z.enum(callDirections).exactOptional(),
  caller: party.exactOptional(),
  callee: party.exactOptional(),
  trunk: trunkRef.exactOptional(),
  startedAt: instant.exactOptional(),
  answeredAt: instant.exactOptional(),
  answeredBy: extensionRef.exactOptional(),
  heldBy: z.array(extensionRef).exactOptional(),
  parkingSlot: word.exactOptional(),
  parkedBy: extensionRef.exactOptional(),
  expiresAt: instant.exactOptional(),
  forwardedFrom: extensionRef.exactOptional(),
  isRecall: z.boolean().exactOptional(),
  consultFor: uuid.exactOptional(),
  conferenceId: id.exactOptional(),
  queue: queueVisit.exactOptional(),
  callData: callData.exactOptional(),
  recording: z
    .object({
      recordingId: id,
      state: z.enum(["recording", "paused"]),
      /** An extension's policy started it: only supervisors may stop it. */
      isByPolicy: z.boolean().exactOptional(),
    })
    .exactOptional(),
  transfer: z
    .object({
      transferId: id.exactOptional(),
      transferType: z.enum(transferTypes),
      transferredBy: extensionRef,
      transferTarget: party,
    })
    .exactOptional(),
  monitors: z.array(z.object({ monitorId: id, mode: word, monitoredBy: extensionRef })).exactOptional(),
});

/** Fields that every event may have. */
export const commonFields = { causedBy: causedBy.exactOptional() };

/** Fields that every `CALL_*` event has, or may have ([C3], [W45]). */
export const callFields = {
  callId: uuid,
  state: z.enum(callStates).exactOptional(),
  /** 1, 2, 3 … per call. */
  version: z.int().positive().exactOptional(),
  threadId: uuid.exactOptional(),
  /** All legs of the call after this event, where they changed ([C2]). */
  legs: z.array(leg).exactOptional(),
  /** The whole call after this event, where somebody new learns of it ([W49]). */
  call: callSummary.exactOptional(),
  /** Engine ids, for administrators only ([C2]). */
  debug: z.record(z.string(), z.unknown()).exactOptional(),
  ...commonFields,
};
