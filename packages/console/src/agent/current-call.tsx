import type { Call } from "@pbx-x/protocol/runtime";
import { useEffect } from "react";
import { useOwnCalls } from "../dock/use-own-calls.ts";
import { otherParty } from "../live/calls.ts";
import { useNameOf } from "../live/directory.tsx";
import { useMe } from "../session/me.ts";
import { preferences } from "../settings/preferences.ts";
import { Timeline } from "../timeline/timeline.tsx";
import { Icon } from "../ui/icons.tsx";
import { Empty } from "../ui/page.tsx";
import { useStore } from "../ui/store.ts";
import { useWords } from "../words/use-words.ts";
import { dataText } from "./data-text.ts";
import { screenPopUrl } from "./screen-pop.ts";

/** Calls that popped a screen in this page: once each. */
const popped = new Set<string>();

/** What belongs to the call that is up: its data, the link to the CRM, its story. */
export function CurrentCall({ isReady, hasOffer }: { readonly isReady: boolean; readonly hasOffer: boolean }) {
  const t = useWords();
  const me = useMe();
  const nameOf = useNameOf();
  const template = useStore(preferences, ({ screenPop }) => screenPop);
  const call = useOwnCalls().find(({ state }) => state === "answered" || state === "held");
  const other = call === undefined ? undefined : otherParty(call, me);
  const url =
    call === undefined
      ? undefined
      : screenPopUrl(template, { number: other?.number, name: nameOf(other), queue: call.queue?.name });
  const popId = call?.queue === undefined ? undefined : call.callId;
  useEffect(() => {
    if (popId === undefined || url === undefined || popped.has(popId)) return;
    popped.add(popId);
    // Never out of a text field: who types goes on typing.
    if (!(document.activeElement instanceof HTMLInputElement)) open(url, "pbx-x.screen-pop", "noopener");
  }, [popId, url]);
  if (call === undefined)
    return (
      <div className="panel">
        <Empty icon="headset" text={t(hasOffer ? "agent.afterAnswer" : isReady ? "agent.idle" : "agent.noOffer")} />
      </div>
    );
  return (
    <div className="panel flex flex-col gap-4 p-4">
      <div className="flex flex-wrap items-center gap-3">
        <span className="text-lg font-semibold">{nameOf(other) ?? t("call.unknown")}</span>
        <span className="num text-muted">{other?.number}</span>
        {call.queue !== undefined && (
          <span className="text-sm text-muted">{t("call.via", { queue: call.queue.name })}</span>
        )}
        {url !== undefined && (
          <a
            href={url}
            target="pbx-x.screen-pop"
            rel="noopener noreferrer"
            data-key="o"
            className="btn btn-primary ml-auto"
          >
            <Icon name="external" />
            {t("agent.openCrm")}
          </a>
        )}
      </div>
      <CallData call={call} />
      <Timeline key={call.callId} callId={call.callId} />
    </div>
  );
}

function CallData({ call }: { readonly call: Call }) {
  const t = useWords();
  const pairs = Object.entries(call.callData ?? {});
  return (
    <section aria-label={t("agent.data")}>
      <h2 className="mb-2">{t("agent.data")}</h2>
      {pairs.length === 0 && <p className="text-sm text-muted">{t("agent.noData")}</p>}
      <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1">
        {pairs.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="break-all">{dataText(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
