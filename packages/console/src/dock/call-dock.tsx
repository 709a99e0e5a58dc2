import type { Call } from "@pbx-x/protocol/runtime";
import { useLayoutEffect } from "react";
import { consultationOf, shownState } from "../live/calls.ts";
import { useMe } from "../session/me.ts";
import { useWords } from "../words/use-words.ts";
import { CallCard } from "./call-card.tsx";
import { ConsultView } from "./consult-view.tsx";
import { noteLayoutChange } from "./dock-store.ts";
import { EndedCard } from "./ended-card.tsx";
import { IncomingCard } from "./incoming-card.tsx";
import { useLayoutGuard } from "./press-guard.ts";
import { TransferField } from "./transfer-field.tsx";
import { useJustEnded, useOwnCalls } from "./use-own-calls.ts";

/** All own calls, on every page; derived from the calls alone ([U30]). */
export function CallDock() {
  const t = useWords();
  const me = useMe();
  const calls = useOwnCalls();
  const ended = useJustEnded();
  const layout = [...calls, ...ended].map((call) => `${call.callId} ${shownState(call, me)}`).join(",");
  const dropUnmeant = useLayoutGuard(layout);
  useLayoutEffect(() => noteLayoutChange(layout.split(",").map((each) => each.split(" ")[0] ?? "")), [layout]);
  if (calls.length + ended.length === 0) return null;
  return (
    <section
      aria-label={t("dock.label")}
      data-dock
      ref={tellDockTop}
      onClickCapture={dropUnmeant}
      className="flex max-h-[45vh] flex-col gap-2 overflow-auto border-t border-line bg-raised p-3"
    >
      {calls.map((call, index) => (
        <DockEntry key={call.callId} call={call} index={index} own={calls} />
      ))}
      {ended.map((call) => (
        <EndedCard key={call.callId} call={call} />
      ))}
      <TransferField calls={calls} />
    </section>
  );
}

/** Messages stand above the dock: none ever covers a button of a call (`--dock-top` is its distance from the bottom). */
function tellDockTop(dock: HTMLElement): () => void {
  const { style } = document.documentElement;
  const tell = (): void =>
    style.setProperty("--dock-top", `${Math.round(innerHeight - dock.getBoundingClientRect().top)}px`);
  const observer = new ResizeObserver(tell);
  observer.observe(dock);
  return () => {
    observer.disconnect();
    style.removeProperty("--dock-top");
  };
}

/** A consultation and the call that it was begun for are one view, at the place of the held call. */
function DockEntry({
  call,
  index,
  own,
}: {
  readonly call: Call;
  readonly index: number;
  readonly own: readonly Call[];
}) {
  const me = useMe();
  const pair = consultationOf(call, own, me);
  if (pair !== undefined) return pair.held === call ? <ConsultView held={pair.held} consult={pair.consult} /> : null;
  if (shownState(call, me) === "incoming") return <IncomingCard call={call} index={index} />;
  return <CallCard call={call} index={index} />;
}
