import type { Agent } from "@pbx-x/protocol/runtime";
import { usePbxEvent } from "@pbx-x/client/react";
import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { useOwnCalls } from "../dock/use-own-calls.ts";
import { formatElapsed } from "../live/format-time.ts";
import { serverNow } from "../live/server-clock.ts";
import { useRun } from "../live/use-run.ts";
import { ask } from "../ui/ask.tsx";
import { Countdown, Elapsed } from "../ui/elapsed.tsx";
import { Icon } from "../ui/icons.tsx";
import { agentMark } from "../ui/marks.ts";
import { StateMark, toneTint } from "../ui/state-mark.tsx";
import { useWords } from "../words/use-words.ts";
import { isWordKey } from "../words/words.ts";

const breakReasons = ["lunch", "short", "meeting", "training"] as const;

/** The own state with its timer, what follows, and how to change it ([U40]). */
export function AgentStateBar({
  agent,
  extensionId,
}: {
  readonly agent: Agent | undefined;
  readonly extensionId: string;
}) {
  const t = useWords();
  const run = useRun();
  const calls = useOwnCalls();
  const [today, setToday] = useState<{ calls: number; talked: number } | undefined>();
  usePbxEvent("AGENT_STATE_CHANGED", ({ data }) => {
    if (data.extensionId !== extensionId || data.callsToday === undefined) return;
    setToday({ calls: data.callsToday, talked: data.talkTimeSecondsToday ?? 0 });
  });
  const status = agent?.status ?? "offline";
  const mark = agentMark(status);
  const isLoggedIn = agent !== undefined && status !== "offline";
  const reasonKey = `agent.reason.${agent?.reasonCode}`;
  const nextReasonKey = `agent.reason.${agent?.nextReasonCode}`;
  const logout = (): void => {
    const leave = (): void => void run("agentLogout", { extensionId }, extensionId);
    if (calls.length === 0) leave();
    else ask({ title: t("agent.logout"), text: t("agent.logoutAsk"), run: leave });
  };
  const ready = (): void => void run("agentSetStatus", { extensionId, status: "available" }, extensionId);
  const wrapUp = (seconds: number): void => void run("agentSetWrapUp", { extensionId, seconds }, extensionId);
  return (
    <section
      aria-label={t("agent.state")}
      data-agent-state={status}
      className="panel flex flex-wrap items-center gap-3 px-4 py-3"
      style={toneTint(mark.tone)}
    >
      <StateMark mark={mark} />
      {isLoggedIn && <Elapsed since={agent.since} label={t(mark.word)} className="text-lg font-semibold" />}
      {isWordKey(reasonKey) && <span className="text-sm text-muted">{t(reasonKey)}</span>}
      {agent?.endsAt !== undefined && status === "wrap_up" && (
        <>
          <span className="text-sm text-muted">{t("agent.wrapUpLeft")}</span>
          <Countdown until={agent.endsAt} from={agent.since ?? agent.endsAt} label={t("agent.wrapUpLeft")} />
          <button
            type="button"
            className="btn"
            onClick={() => wrapUp(Math.max(0, Math.ceil((Date.parse(agent.endsAt ?? "") - serverNow()) / 1000)) + 30)}
          >
            {t("agent.more30")}
          </button>
          <button type="button" className="btn btn-ok" data-key="w" onClick={() => wrapUp(0)}>
            {t(agent.nextStatus === "break" ? "agent.breakNow" : "agent.readyNow")}
          </button>
          {agent.nextStatus === "break" && (
            <button type="button" className="btn" onClick={ready}>
              {t("agent.readyNow")}
            </button>
          )}
        </>
      )}
      {agent?.nextStatus !== undefined && (
        <span className="inline-flex items-center gap-2 text-sm font-medium text-amber">
          {t("agent.next", { state: t(`agent.${agent.nextStatus}`) })}
          {isWordKey(nextReasonKey) && ` · ${t(nextReasonKey)}`}
          {agent.nextStatus === "break" && status === "busy" && (
            <button type="button" className="btn btn-sm" onClick={ready}>
              {t("agent.undoNext")}
            </button>
          )}
        </span>
      )}
      <span className="ml-auto flex flex-wrap items-center gap-2">
        {today !== undefined && (
          <span className="num text-sm text-muted">
            {t("agent.today", { calls: today.calls, time: formatElapsed(today.talked * 1000) })}
          </span>
        )}
        {status === "break" && (
          <button type="button" className="btn btn-ok" onClick={ready}>
            <Icon name="check" />
            {t("agent.ready")}
          </button>
        )}
        {isLoggedIn && status !== "break" && (
          <DropdownMenu.Root>
            <DropdownMenu.Trigger className="btn" data-key="b">
              <Icon name="cup" />
              {t("agent.breakReason")}
            </DropdownMenu.Trigger>
            <DropdownMenu.Portal>
              <DropdownMenu.Content align="end" sideOffset={6} className="layer z-40 min-w-44 p-1.5">
                {breakReasons.map((reason) => (
                  <DropdownMenu.Item
                    key={reason}
                    className="menu-item"
                    onSelect={() =>
                      void run("agentSetStatus", { extensionId, status: "break", reasonCode: reason }, extensionId)
                    }
                  >
                    {t(`agent.reason.${reason}`)}
                  </DropdownMenu.Item>
                ))}
              </DropdownMenu.Content>
            </DropdownMenu.Portal>
          </DropdownMenu.Root>
        )}
        {isLoggedIn && (
          <button type="button" className="btn" onClick={logout}>
            <Icon name="logout" />
            {t("agent.logout")}
          </button>
        )}
      </span>
    </section>
  );
}
