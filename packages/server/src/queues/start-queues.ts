import type { TelephonyEvent } from "@pbx-x/telephony";
import { type AgentCommands, createAgentCommands } from "../agents/agent-commands.ts";
import { AgentService } from "../agents/agent-service.ts";
import { QueueService, type QueueServiceOptions } from "./queue-service.ts";

export type QueueParts = Omit<QueueServiceOptions, "agents" | "handlingMs">;

export interface Queues {
  readonly agents: AgentService;
  readonly service: QueueService;
  readonly commands: AgentCommands;
  onTelephony(event: TelephonyEvent): void;
}

/** Queues and agents, put together. */
export function startQueues(parts: QueueParts): Queues {
  const agents = new AgentService(parts);
  const service = new QueueService({ ...parts, agents, handlingMs: () => 0 });
  const isRegistered = (extensionId: string): boolean => parts.bindingsOf(extensionId).length > 0;
  return {
    agents,
    service,
    commands: createAgentCommands({ agents, queues: parts.queues, extensions: parts.extensions, isRegistered }),
    onTelephony: (event) => {
      if (event.type === "bindingAdded") agents.onBindings(event.binding.extensionId);
      else if (event.type === "bindingRemoved") agents.onBindings(event.extensionId);
    },
  };
}
