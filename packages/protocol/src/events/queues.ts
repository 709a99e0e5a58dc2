import { z } from "zod";
import {
  callData,
  commonFields,
  count,
  extensionRef,
  id,
  instant,
  name,
  party,
  seconds,
  uuid,
  word,
} from "../core/fields.ts";
import { defineEvent } from "../core/message.ts";
import { sample } from "../core/sample.ts";
import { abandonReasons, callbackFailures, offerOutcomes } from "../runtime/values.ts";

const queue = { queueId: id, queueName: name, ...commonFields };
const entry = { ...queue, callId: uuid, queueEntryId: id.exactOptional() };
/** Of an entry whose caller is called back ([Q13]): the call that is made for it; `callId` is the one that entered. */
const calledBack = { callbackId: id.exactOptional(), callbackCallId: uuid.exactOptional() };
const agent = extensionRef.extend({ agentId: id.exactOptional() });
const inSupport = { queueId: sample.queueId, queueName: "Support Queue" };
const waiting = { ...inSupport, callId: sample.callId, queueEntryId: sample.queueEntryId };
const anna = { ...sample.byAnna, name: "Anna Schmidt", agentId: sample.agentId };

export const queueCallEntered = defineEvent({
  type: "QUEUE_CALL_ENTERED",
  source: "§3.4, Q6",
  when: "A call waits in a queue.",
  data: z.object({
    ...entry,
    caller: party,
    position: z.int().positive(),
    /** 0 if unknown. */
    estimatedWaitSeconds: seconds,
    priority: z.int().exactOptional(),
  }),
  example: { ...waiting, caller: sample.max, position: 3, estimatedWaitSeconds: 45 },
});

export const queueCallAnswered = defineEvent({
  type: "QUEUE_CALL_ANSWERED",
  source: "§3.4, Q3",
  when: "An agent took a waiting call; follows its `CALL_ANSWERED`.",
  data: z.object({ ...entry, agent, waitTimeSeconds: seconds, offerId: id.exactOptional(), ...calledBack }),
  example: { ...waiting, agent: anna, waitTimeSeconds: 25, offerId: sample.offerId },
});

export const queueCallAbandoned = defineEvent({
  type: "QUEUE_CALL_ABANDONED",
  source: "§3.4, Q3, Q7",
  when: "A call left the queue without an agent; before its `CALL_ENDED`, if it ends.",
  data: z.object({
    ...entry,
    caller: party,
    waitTimeSeconds: seconds,
    reason: z.enum(abandonReasons),
    callbackId: id.exactOptional(),
    /** He wanted to be called back, and this is why he was not; `reason` is then `timeout`, `caller_hangup` or `no_agents` ([Q15]). */
    callbackFailure: z.enum(callbackFailures).exactOptional(),
  }),
  example: { ...waiting, caller: { number: "+49301234567" }, waitTimeSeconds: 60, reason: "caller_hangup" },
});

export const queuePositionChanged = defineEvent({
  type: "QUEUE_POSITION_CHANGED",
  source: "Q6",
  when: "A waiting call moved; at most once a second per call.",
  data: z.object({ ...entry, position: z.int().positive(), estimatedWaitSeconds: seconds }),
  example: { ...waiting, position: 2, estimatedWaitSeconds: 30 },
});

export const queueAgentOffered = defineEvent({
  type: "QUEUE_AGENT_OFFERED",
  source: "Q4, W48",
  when: "A waiting call is offered to an agent, whose phone begins to ring.",
  data: z.object({
    ...entry,
    offerId: id,
    agent,
    caller: party.exactOptional(),
    expiresAt: instant,
    /** What is attached to the call ([C80]). */
    callData: callData.exactOptional(),
    ...calledBack,
  }),
  example: {
    ...waiting,
    offerId: sample.offerId,
    agent: anna,
    caller: sample.max,
    expiresAt: "2025-11-12T10:30:20.000Z",
  },
});

export const queueAgentNoAnswer = defineEvent({
  type: "QUEUE_AGENT_NO_ANSWER",
  source: "Q4",
  when: "An offer to an agent ended without an answer.",
  data: z.object({
    ...entry,
    offerId: id,
    agent,
    outcome: z.enum(offerOutcomes),
    ringSeconds: seconds.exactOptional(),
    ...calledBack,
  }),
  example: { ...waiting, offerId: sample.offerId, agent: anna, outcome: "no_answer", ringSeconds: 20 },
});

export const queueCallbackRequested = defineEvent({
  type: "QUEUE_CALLBACK_REQUESTED",
  source: "Q13",
  when: "A waiting caller wants to be called back; he keeps his place, also after the end of his call.",
  data: z.object({
    ...entry,
    callbackId: id,
    caller: party,
    position: z.int().positive(),
    priority: z.int().exactOptional(),
    enteredAt: instant,
    /** Until then he is called back, or not at all. */
    expiresAt: instant,
    /** Of the calls that will be made for it. */
    threadId: uuid.exactOptional(),
    callData: callData.exactOptional(),
  }),
  example: {
    ...waiting,
    callbackId: sample.callbackId,
    caller: sample.max,
    position: 3,
    priority: 0,
    enteredAt: "2025-11-12T10:30:00.000Z",
    expiresAt: "2025-11-12T12:30:20.000Z",
    threadId: sample.callId,
  },
});

export const queueCallbackFailed = defineEvent({
  type: "QUEUE_CALLBACK_FAILED",
  source: "Q14",
  when: "An agent was there, but the caller who wanted to be called back was not reached.",
  data: z.object({
    ...entry,
    callbackId: id,
    callbackCallId: uuid.exactOptional(),
    caller: party,
    attempt: z.int().positive(),
    /** As of the call that was made for it, e.g. `busy`, `no_answer`; `not_allowed`, `not_reachable` where none was made. */
    reason: word,
    /** Absent after the last attempt. */
    nextAttemptAt: instant.exactOptional(),
  }),
  example: {
    ...waiting,
    callbackId: sample.callbackId,
    callbackCallId: sample.otherCallId,
    caller: sample.max,
    attempt: 1,
    reason: "no_answer",
    nextAttemptAt: "2025-11-12T10:50:00.000Z",
  },
});

export const queueStatsUpdated = defineEvent({
  type: "QUEUE_STATS_UPDATED",
  source: "§3.4, W33, W48",
  when: "Every 5 s for a queue that has a subscriber; at once when waiting calls or available agents change.",
  data: z.object({
    ...queue,
    waitingCalls: count,
    /** How many of them are called back ([Q13]). */
    waitingCallbacks: count.exactOptional(),
    activeCalls: count,
    availableAgents: count,
    busyAgents: count,
    wrapUpAgents: count,
    breakAgents: count.exactOptional(),
    avgWaitTimeSeconds: seconds,
    longestWaitSeconds: seconds,
    serviceLevelPercent: z.number().min(0).max(100).exactOptional(),
    answeredToday: count.exactOptional(),
    abandonedToday: count.exactOptional(),
  }),
  example: {
    ...inSupport,
    waitingCalls: 3,
    activeCalls: 5,
    availableAgents: 2,
    busyAgents: 5,
    wrapUpAgents: 1,
    breakAgents: 0,
    avgWaitTimeSeconds: 32,
    longestWaitSeconds: 78,
    serviceLevelPercent: 87.5,
    answeredToday: 112,
    abandonedToday: 4,
  },
});
