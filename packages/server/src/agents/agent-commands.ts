import { causeOf, type Refusal, refuse, shorten, succeed } from "../calls/command-tools.ts";
import type { Extension, ExtensionDirectory } from "../extensions/extension.ts";
import type { CommandContext, CommandHandlers } from "../realtime/command-handler.ts";
import type { Queue, QueueDirectory } from "../queues/queue.ts";
import type { Agent, AgentMembership } from "./agent.ts";
import type { AgentOutcome, AgentService } from "./agent-service.ts";

export interface AgentCommandOptions {
  readonly agents: AgentService;
  readonly queues: Pick<QueueDirectory, "byId">;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
  readonly isRegistered: (extensionId: string) => boolean;
}

export type AgentCommands = Required<
  Pick<CommandHandlers, "agentLogin" | "agentLogout" | "agentSetStatus" | "agentSetWrapUp">
>;

/** What agents do with themselves, and supervisors with them ([Q2], [Q8]). */
export function createAgentCommands({ agents, queues, extensions, isRegistered }: AgentCommandOptions): AgentCommands {
  const findExtension = (extensionId: string, context: CommandContext) => extensionOf(extensions, extensionId, context);
  const findAgent = (extensionId: string, context: CommandContext) => {
    const found = findExtension(extensionId, context);
    if (!found.ok) return found;
    const agent = agents.ofExtension(extensionId);
    if (agent !== undefined) return { ok: true, agent } as const;
    return refuse("AGENT_NOT_LOGGED_IN", `Extension ${found.extension.number} is not logged in to any queue.`);
  };
  return {
    agentLogin: async ({ extensionId, queueIds }, context) => {
      const found = findExtension(extensionId, context);
      if (!found.ok) return found;
      const { extension } = found;
      const memberships: AgentMembership[] = [];
      for (const queueId of new Set(queueIds)) {
        const queue = queues.byId(queueId);
        if (queue === undefined) return noQueue(queueId);
        const membership = membershipIn(queue, extensionId);
        if (membership === undefined && !context.identity.permissions.has("agents.control.all")) {
          return refuse("UNAUTHORIZED", `Extension ${extension.number} is not a member of ${queue.name}.`, { queueId });
        }
        memberships.push(membership ?? { queueId, penalty: 0 });
      }
      if (!isRegistered(extensionId)) {
        return refuse("EXTENSION_OFFLINE", `No phone is registered for ${extension.number}.`);
      }
      const { agent, seq } = agents.login(extension, memberships, causeOf(context));
      return succeed({ ...answer(agent), queueIds: agent.memberships.map(({ queueId }) => queueId) }, seq);
    },

    agentLogout: async ({ extensionId, queueIds }, context) => {
      const found = findAgent(extensionId, context);
      if (!found.ok) return found;
      const unknown = queueIds?.find((queueId) => queues.byId(queueId) === undefined);
      if (unknown !== undefined) return noQueue(unknown);
      return told(agents.logout(found.agent, queueIds, causeOf(context)));
    },

    agentSetStatus: async ({ extensionId, status, reasonCode }, context) => {
      const found = findAgent(extensionId, context);
      if (!found.ok) return found;
      const wish = { status, ...(reasonCode !== undefined && { reasonCode }) };
      if (found.agent.status === "offline" && status === "available") {
        return refuse("INVALID_STATE", `No phone is registered for ${found.agent.number}.`, { status: "offline" });
      }
      return told(agents.setStatus(found.agent, wish, causeOf(context)));
    },

    agentSetWrapUp: async ({ extensionId, seconds, reasonCode }, context) => {
      const found = findAgent(extensionId, context);
      if (!found.ok) return found;
      const outcome = agents.setWrapUp(found.agent, seconds * 1000, reasonCode, causeOf(context));
      if (outcome !== undefined) return told(outcome);
      return refuse("INVALID_STATE", `The agent is not wrapping up, but ${found.agent.status}.`, {
        status: found.agent.status,
      });
    },
  };
}

/** The place that the configuration gives an extension in a queue. */
export function membershipIn({ id, members }: Queue, extensionId: string): AgentMembership | undefined {
  const member = members.find((one) => one.extensionId === extensionId);
  return member === undefined ? undefined : { queueId: id, penalty: member.penalty };
}

function extensionOf(
  extensions: Pick<ExtensionDirectory, "byId">,
  extensionId: string,
  { identity }: CommandContext,
): { readonly ok: true; readonly extension: Extension } | Refusal {
  if (extensionId !== identity.extensionId && !identity.permissions.has("agents.control.all")) {
    return refuse("UNAUTHORIZED", "You may act for your own extension only.");
  }
  const extension = extensions.byId(extensionId);
  if (extension === undefined) return refuse("EXTENSION_NOT_FOUND", "There is no such extension.");
  return { ok: true, extension };
}

function noQueue(queueId: string): Refusal {
  return refuse("QUEUE_NOT_FOUND", `There is no queue ${shorten(queueId)}.`, { queueId: shorten(queueId) });
}

function answer({ agentId, extensionId, status }: Agent) {
  return { agentId, extensionId, status };
}

function told({ agent, seq }: AgentOutcome) {
  return succeed(answer(agent), seq);
}
