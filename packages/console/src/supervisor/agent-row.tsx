import type { Agent } from "@pbx-x/protocol/runtime";
import { useAgentQueues } from "@pbx-x/client/react";
import { DropdownMenu } from "radix-ui";
import type { QueueName } from "../live/use-queue-list.ts";
import { useRun } from "../live/use-run.ts";
import { ask } from "../ui/ask.tsx";
import { Elapsed } from "../ui/elapsed.tsx";
import { Icon } from "../ui/icons.tsx";
import { agentMark } from "../ui/marks.ts";
import { StateMark } from "../ui/state-mark.tsx";
import { useWords } from "../words/use-words.ts";

/** One agent; every forced state is asked about first ([U31]). */
export function AgentRow({ agent, queues }: { readonly agent: Agent; readonly queues: readonly QueueName[] }) {
  const t = useWords();
  const run = useRun();
  const ids = useAgentQueues(agent.agentId);
  const { name, number, status, since, extensionId } = agent;
  const names = queues.filter(({ queueId }) => ids.includes(queueId)).map(({ queueName }) => queueName);
  const force = (title: string, text: string, act: () => void): void => ask({ title, text, run: act });
  return (
    <li
      data-agent={number}
      data-status={status}
      className="flex flex-wrap items-center gap-3 border-b border-line px-4 py-2 last:border-0"
    >
      <span className="min-w-40 flex-1">
        <span className="font-medium">{name}</span> <span className="num text-xs text-muted">{number}</span>
        <span className="block truncate text-xs text-muted">{names.join(", ")}</span>
      </span>
      <StateMark mark={agentMark(status)} />
      <Elapsed since={since} label={t(agentMark(status).word)} className="w-16 text-right text-sm" />
      <DropdownMenu.Root>
        <DropdownMenu.Trigger className="btn btn-ghost btn-icon" aria-label={`${t("common.actions")}: ${name}`}>
          <Icon name="sliders" />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content align="end" className="layer z-40 min-w-48 p-1.5">
            {status !== "available" && (
              <DropdownMenu.Item
                className="menu-item"
                onSelect={() =>
                  force(
                    t("supervisor.setReady"),
                    t("supervisor.askReady", { name }),
                    () =>
                      void run(
                        "agentSetStatus",
                        { extensionId, status: "available", reasonCode: "forced" },
                        extensionId,
                      ),
                  )
                }
              >
                {t("supervisor.setReady")}
              </DropdownMenu.Item>
            )}
            {status !== "break" && (
              <DropdownMenu.Item
                className="menu-item"
                onSelect={() =>
                  force(
                    t("supervisor.setBreak"),
                    t("supervisor.askBreak", { name }),
                    () =>
                      void run("agentSetStatus", { extensionId, status: "break", reasonCode: "forced" }, extensionId),
                  )
                }
              >
                {t("supervisor.setBreak")}
              </DropdownMenu.Item>
            )}
            <DropdownMenu.Item
              className="menu-item"
              onSelect={() =>
                force(
                  t("agent.logout"),
                  t("supervisor.askLogout", { name }),
                  () => void run("agentLogout", { extensionId }, extensionId),
                )
              }
            >
              {t("agent.logout")}
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
    </li>
  );
}
