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
} from "../core/fields.ts";
import { defineEvent } from "../core/message.ts";
import { sample } from "../core/sample.ts";
import { abandonReasons, offerOutcomes } from "../runtime/values.ts";

const queue = { queueId: id, queueName: name, ...commonFields };
const entry = { ...queue, callId: uuid, queueEntryId: id.exactOptional() };
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
  data: z.object({ ...entry, agent, waitTimeSeconds: seconds, offerId: id.exactOptional() }),
  example: { ...waiting, agent: anna, waitTimeSeconds: 25, offerId: sample.offerId },
});

export const queueCallAbandoned = defineEvent({
  type: "QUEUE_CALL_ABANDONED",
  source: "§3.4, Q3, Q7",
  when: "A call left the queue without an agent; before its `CALL_ENDED`, if it ends.",
  data: z.object({ ...entry, caller: party, waitTimeSeconds: seconds, reason: z.enum(abandonReasons) }),
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
  }),
  example: { ...waiting, offerId: sample.offerId, agent: anna, outcome: "no_answer", ringSeconds: 20 },
});

export const queueStatsUpdated = defineEvent({
  type: "QUEUE_STATS_UPDATED",
  source: "§3.4, W33, W48",
  when: "Every 5 s for a queue that has a subscriber; at once when waiting calls or available agents change.",
  data: z.object({
    ...queue,
    waitingCalls: count,
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
