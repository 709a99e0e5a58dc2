import { z } from "zod";
import { id, seconds, word } from "../core/fields.ts";
import { defineCommand } from "../core/message.ts";
import { sample } from "../core/sample.ts";
import { agentStatuses, settableAgentStatuses } from "../runtime/values.ts";

const { extensionId, agentId, queueId } = sample;
const result = z.object({ agentId: id.exactOptional(), extensionId: id, status: z.enum(agentStatuses) });

export const agentLogin = defineCommand({
  name: "agentLogin",
  source: "§4.2, Q2",
  when: "Logs an agent in to queues, beside those that he is logged in to.",
  permission: "agents.control.own",
  errors: ["EXTENSION_NOT_FOUND", "EXTENSION_OFFLINE", "QUEUE_NOT_FOUND"],
  isIdempotent: true,
  params: z.object({ extensionId: id, queueIds: z.array(id).min(1).max(200) }),
  result: result.extend({ queueIds: z.array(id) }),
  example: {
    params: { extensionId, queueIds: [queueId, sample.otherQueueId] },
    result: { agentId, extensionId, status: "available", queueIds: [queueId, sample.otherQueueId] },
  },
});

export const agentLogout = defineCommand({
  name: "agentLogout",
  source: "§4.2, Q8",
  when: "Logs an agent out of all queues, or of the named ones.",
  permission: "agents.control.own",
  errors: ["EXTENSION_NOT_FOUND", "AGENT_NOT_LOGGED_IN", "QUEUE_NOT_FOUND"],
  isIdempotent: false,
  params: z.object({ extensionId: id, queueIds: z.array(id).min(1).max(200).exactOptional() }),
  result,
  example: { params: { extensionId }, result: { agentId, extensionId, status: "offline" } },
});

export const agentSetStatus = defineCommand({
  name: "agentSetStatus",
  source: "§4.2, Q2",
  when: "Goes on a break, or becomes available.",
  permission: "agents.control.own",
  errors: ["EXTENSION_NOT_FOUND", "AGENT_NOT_LOGGED_IN", "INVALID_STATE"],
  isIdempotent: true,
  params: z.object({ extensionId: id, status: z.enum(settableAgentStatuses), reasonCode: word.exactOptional() }),
  result,
  example: {
    params: { extensionId, status: "break", reasonCode: "lunch_break" },
    result: { agentId, extensionId, status: "break" },
  },
});

export const agentSetWrapUp = defineCommand({
  name: "agentSetWrapUp",
  source: "W43, Q3",
  when: "Ends the wrap-up time (`0`), or lets it last so many seconds from now.",
  permission: "agents.control.own",
  errors: ["EXTENSION_NOT_FOUND", "AGENT_NOT_LOGGED_IN", "INVALID_STATE"],
  isIdempotent: true,
  params: z.object({ extensionId: id, seconds: seconds.max(3600), reasonCode: word.exactOptional() }),
  result,
  example: { params: { extensionId, seconds: 0 }, result: { agentId, extensionId, status: "available" } },
});
