import type { AnyEvent } from "@pbx-x/protocol/runtime";
import { Link } from "wouter";
import { useCallHref } from "../timeline/call-href.ts";
import { copyText } from "../ui/copy-text.ts";
import { Icon } from "../ui/icons.tsx";
import { useWords } from "../words/use-words.ts";
import { CommandGroup } from "./command-group.tsx";
import { causeOf } from "./event-filter.ts";

/** One event whole, as it came over the wire. */
export function EventDetail({
  event,
  events,
  onChoose,
  onFollow,
}: {
  readonly event: AnyEvent | undefined;
  /** All of the list, for what belongs to it. */
  readonly events: readonly AnyEvent[];
  readonly onChoose: (event: AnyEvent) => void;
  readonly onFollow: (callId: string) => void;
}) {
  const t = useWords();
  const hrefOf = useCallHref();
  if (event === undefined)
    return <p className="panel flex-[2] p-6 text-center text-sm text-muted">{t("events.select")}</p>;
  const json = JSON.stringify(event, undefined, 2);
  const callId: unknown = event.data !== undefined && "callId" in event.data ? event.data.callId : undefined;
  const commandId = causeOf(event)?.commandId;
  return (
    <section aria-label={event.type} className="panel flex min-h-0 min-w-0 flex-[2] flex-col">
      <div className="flex flex-wrap items-center gap-2 border-b border-line p-2">
        <span className="mr-auto truncate px-1 font-semibold">{event.type}</span>
        {typeof callId === "string" && (
          <>
            <Link href={hrefOf(callId)} className="btn btn-sm">
              {t("act.timeline")}
            </Link>
            <button type="button" className="btn btn-sm" onClick={() => onFollow(callId)}>
              {t("events.follow")}
            </button>
          </>
        )}
        <button type="button" className="btn btn-sm" onClick={() => void copyText(json)}>
          <Icon name="copy" size={14} />
          {t("common.copy")}
        </button>
      </div>
      {commandId !== undefined && <CommandGroup commandId={commandId} events={events} onChoose={onChoose} />}
      <pre tabIndex={0} className="min-h-0 flex-1 overflow-auto p-3 font-mono text-xs leading-5">
        {json}
      </pre>
    </section>
  );
}
