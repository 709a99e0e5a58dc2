import type { Extension } from "../extensions/extension.ts";
import type { QueueDirectory } from "../queues/queue.ts";
import { membershipIn } from "./agent-commands.ts";
import type { AgentService } from "./agent-service.ts";

/** What an agent's phone can ask for by a code ([Q2]). */
export type AgentAction = "login" | "logout" | "break" | "available";

/** Carries out what agents dial: logs in to all queues that the extension is a member of, and so on; false where it cannot be. */
export function createAgentCodes(
  agents: AgentService,
  queues: Pick<QueueDirectory, "all">,
): (extension: Extension, action: AgentAction) => boolean {
  const cause = { via: "phone" } as const;
  return (extension, action) => {
    const agent = agents.ofExtension(extension.id);
    if (action === "login") {
      const memberships = queues.all().flatMap((queue) => membershipIn(queue, extension.id) ?? []);
      if (memberships.length === 0) return false;
      agents.login(extension, memberships, cause);
      return true;
    }
    if (agent === undefined) return false;
    if (action === "logout") agents.logout(agent, undefined, cause);
    else agents.setStatus(agent, { status: action }, cause);
    return true;
  };
}
