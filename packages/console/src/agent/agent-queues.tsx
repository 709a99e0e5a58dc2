import type { Agent } from "@pbx-x/protocol/runtime";
import { useAgentQueues, useQueueEntries } from "@pbx-x/client/react";
import { useQueueList } from "../live/use-queue-list.ts";
import { useRun } from "../live/use-run.ts";
import { Elapsed } from "../ui/elapsed.tsx";
import { useWords } from "../words/use-words.ts";
import type { NameOf } from "../timeline/timeline-lines.ts";

interface AgentQueuesProps {
  readonly agent: Agent | undefined;
  readonly extensionId: string;
  readonly nameOf: NameOf;
}

/** The own queues: logged in or not, who waits, and since when. */
export function AgentQueues({ agent, extensionId }: AgentQueuesProps) {
  const t = useWords();
  const run = useRun();
  const queues = useQueueList();
  const loggedIn = useAgentQueues(agent?.agentId ?? "");
  const entries = useQueueEntries();
  const missing = queues.filter(({ queueId }) => !loggedIn.includes(queueId));
  return (
    <section aria-label={t("agent.queues")} className="panel self-start">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
        <h2 className="mr-auto">{t("agent.queues")}</h2>
        {missing.length > 1 && (
          <button
            type="button"
            className="btn btn-sm"
            onClick={() =>
              void run("agentLogin", { extensionId, queueIds: missing.map(({ queueId }) => queueId) }, extensionId)
            }
          >
            {t("agent.loginAll")}
          </button>
        )}
      </div>
      {queues.length === 0 && <p className="px-4 py-4 text-sm text-muted">{t("agent.noQueues")}</p>}
      <ul>
        {queues.map(({ queueId, queueName }) => {
          const waiting = entries.filter((entry) => entry.queueId === queueId);
          const oldest = waiting
            .map(({ enteredAt }) => enteredAt)
            .filter((at) => at !== undefined)
            .toSorted()[0];
          const isIn = loggedIn.includes(queueId);
          const press = (): void =>
            void (isIn
              ? run("agentLogout", { extensionId, queueIds: [queueId] }, queueId)
              : run("agentLogin", { extensionId, queueIds: [queueId] }, queueId));
          return (
            <li
              key={queueId}
              data-queue={queueName}
              className="flex items-center gap-3 border-b border-line px-4 py-2.5 last:border-0"
            >
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{queueName}</span>
                <span className="flex gap-1 text-xs text-muted">
                  {t("agent.waiting", { count: waiting.length })}
                  {oldest !== undefined && (
                    <>
                      <span>· {t("agent.longest")}</span>
                      <Elapsed since={oldest} label={t("agent.longest")} />
                    </>
                  )}
                </span>
              </span>
              <button
                type="button"
                className={`btn btn-sm ${isIn ? "" : "btn-primary"}`}
                aria-label={`${t(isIn ? "agent.logout" : "agent.login")}: ${queueName}`}
                onClick={press}
              >
                {t(isIn ? "agent.logout" : "agent.login")}
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
