import type { AnyEvent } from "@pbx-x/protocol/runtime";
import { useMemo } from "react";
import { sentCommands } from "../live/sent-commands.ts";
import { useStore } from "../ui/store.ts";
import { useWords } from "../words/use-words.ts";
import { causeOf } from "./event-filter.ts";

interface CommandGroupProps {
  readonly commandId: string;
  /** Among which its events are looked for. */
  readonly events: readonly AnyEvent[];
  readonly onChoose?: (event: AnyEvent) => void;
}

/** A command, its answer and the events that it caused, in their order with the milliseconds between ([U60]). */
export function CommandGroup({ commandId, events, onChoose }: CommandGroupProps) {
  const t = useWords();
  const sent = useStore(sentCommands, (all) => all.find(({ id }) => id === commandId));
  const caused = useMemo(() => events.filter((event) => causeOf(event)?.commandId === commandId), [events, commandId]);
  const begin = sent?.sentAt ?? Date.parse(caused[0]?.timestamp ?? "");
  const after = (at: string): number => Math.max(0, Math.round(Date.parse(at) - begin));
  return (
    <section
      aria-label={t("events.group")}
      data-command={commandId}
      className="max-h-48 shrink-0 overflow-auto border-b border-line px-3 py-2 text-xs text-hold"
    >
      <ol className="flex flex-col gap-1 font-mono">
        <li className="break-all">
          ⇄ {sent === undefined ? t("events.commandElsewhere") : sent.command} · {commandId}
        </li>
        {sent !== undefined && (
          <li>
            ←{" "}
            {sent.answer === undefined
              ? t("events.noAnswerYet")
              : `${t("events.answer", { ms: sent.answer.ms })}: ${sent.answer.code ?? t("events.ok")}`}
          </li>
        )}
        {caused.map((event) => (
          <li key={event.seq ?? event.timestamp}>
            {onChoose === undefined ? (
              `→ ${event.type} ${event.seq ?? ""} · +${after(event.timestamp)} ms`
            ) : (
              <button
                type="button"
                className="rounded-sm text-left underline-offset-2 hover:underline"
                onClick={() => onChoose(event)}
              >
                → {event.type} {event.seq} · +{after(event.timestamp)} ms
              </button>
            )}
          </li>
        ))}
        {caused.length === 0 && <li>{t("events.noneCaused")}</li>}
      </ol>
    </section>
  );
}
