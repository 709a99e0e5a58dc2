import type { Call, MonitorMode } from "@pbx-x/protocol/runtime";
import { useNameOf } from "../live/directory.tsx";
import { useRun } from "../live/use-run.ts";
import { useMe } from "../session/me.ts";
import { ask } from "../ui/ask.tsx";
import { Icon } from "../ui/icons.tsx";
import { toneTint } from "../ui/state-mark.tsx";
import { useWords } from "../words/use-words.ts";
import type { WordKey } from "../words/words.ts";
import { monitoredExtension } from "./call-row.tsx";

const modeWords: Readonly<Record<MonitorMode, WordKey>> = {
  listen: "supervisor.listening",
  whisper: "supervisor.whispering",
  barge: "supervisor.barging",
};
const actions = ["listen", "whisper", "barge"] as const;

/** That one listens in, how, and its end; gone only when the server says so. Barging in is asked about once per call. */
export function MonitorBar({ calls }: { readonly calls: readonly Call[] }) {
  const t = useWords();
  const me = useMe();
  const nameOf = useNameOf();
  const run = useRun();
  return calls.flatMap((call) => {
    const own = call.monitors.find(({ monitoredBy }) => monitoredBy.extensionId === me.extensionId);
    if (own === undefined) return [];
    const { callId } = call;
    const extensionId = monitoredExtension(call);
    const caller = nameOf(call.caller) ?? "";
    const callee = nameOf(call.answeredBy ?? call.callee) ?? "";
    const change = (mode: MonitorMode): void =>
      void run("monitor", { callId, mode, ...(extensionId !== undefined && { extensionId }) }, callId);
    return (
      <section
        key={callId}
        aria-label={t("supervisor.listen")}
        data-monitor={own.mode}
        className="panel flex flex-wrap items-center gap-3 border-hold px-4 py-3"
        style={toneTint("hold")}
      >
        <Icon name="ear" className="text-hold" size={20} />
        <span className="font-semibold text-hold">{t(modeWords[own.mode], { name: `${caller} → ${callee}` })}</span>
        <span className="ml-auto flex gap-2">
          {actions.map((mode) => (
            <button
              key={mode}
              type="button"
              className="btn"
              aria-pressed={own.mode === mode}
              onClick={() => {
                if (own.mode === mode) return;
                if (mode !== "barge") change(mode);
                else
                  ask({
                    title: t("supervisor.barge"),
                    text: t("supervisor.askBarge", { caller, callee }),
                    run: () => change("barge"),
                  });
              }}
            >
              {t(`supervisor.${mode}`)}
            </button>
          ))}
          <button
            type="button"
            className="btn btn-primary"
            onClick={() => void run("monitorStop", { callId, monitorId: own.monitorId }, callId)}
          >
            {t("supervisor.stop")}
          </button>
        </span>
      </section>
    );
  });
}
