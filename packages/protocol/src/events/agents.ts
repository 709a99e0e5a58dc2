import { z } from "zod";
import { commonFields, count, id, instant, name, number, seconds, word } from "../core/fields.ts";
import { defineEvent } from "../core/message.ts";
import { sample } from "../core/sample.ts";
import { agentStatuses } from "../runtime/values.ts";

const agent = { agentId: id, extensionId: id, number, name, ...commonFields };
const status = z.enum(agentStatuses);
const anna = { agentId: sample.agentId, extensionId: sample.extensionId, number: "200", name: "Anna Schmidt" };

export const agentStateChanged = defineEvent({
  type: "AGENT_STATE_CHANGED",
  source: "§3.5, Q2, Q3, W48",
  when: "An agent's status changed.",
  data: z.object({
    ...agent,
    /** The queue that caused it, or none. */
    queueId: id.exactOptional(),
    queueName: name.exactOptional(),
    oldStatus: status,
    newStatus: status,
    reasonCode: word.exactOptional(),
    since: instant.exactOptional(),
    /** How long the status before has lasted. */
    previousDurationSeconds: seconds.exactOptional(),
    /** End of the wrap-up time. */
    endsAt: instant.exactOptional(),
    /** What follows by itself, e.g. `break` after an outside call in a break. */
    nextStatus: status.exactOptional(),
    /** Why that follows, e.g. of a break that was asked for in a call. */
    nextReasonCode: word.exactOptional(),
    /** How long the queue call has lasted that is over now. */
    talkSeconds: seconds.exactOptional(),
    /** Totals of the day ([Q8]). */
    callsToday: count.exactOptional(),
    talkTimeSecondsToday: seconds.exactOptional(),
  }),
  example: {
    ...anna,
    queueId: sample.queueId,
    queueName: "Support Queue",
    oldStatus: "available",
    newStatus: "wrap_up",
    reasonCode: "post_call_notes",
    since: "2025-11-12T10:00:00.000Z",
    endsAt: "2025-11-12T10:00:30.000Z",
    nextStatus: "available",
    causedBy: { via: "system" },
  },
});

export const agentLoggedIn = defineEvent({
  type: "AGENT_LOGGED_IN",
  source: "§3.5, Q2",
  when: "An agent logged in to queues; `queues` are all that he is now logged in to.",
  data: z.object({
    ...agent,
    queues: z.array(z.object({ queueId: id, queueName: name, penalty: z.int().exactOptional() })),
    status: status.exactOptional(),
  }),
  example: {
    ...anna,
    queues: [
      { queueId: sample.queueId, queueName: "Support Queue" },
      { queueId: sample.otherQueueId, queueName: "Sales Queue" },
    ],
    status: "available",
    causedBy: { via: "command", userId: sample.userId, commandId: "req-020" },
  },
});

export const agentLoggedOut = defineEvent({
  type: "AGENT_LOGGED_OUT",
  source: "§3.5, Q8",
  when: "An agent logged out of all queues.",
  data: z.object({
    ...agent,
    totalCallsToday: count,
    totalTalkTimeSeconds: seconds,
    reasonCode: word.exactOptional(),
  }),
  example: {
    ...anna,
    totalCallsToday: 42,
    totalTalkTimeSeconds: 10800,
    causedBy: { via: "command", userId: sample.userId, commandId: "req-021" },
  },
});
