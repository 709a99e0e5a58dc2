import { useEffect, useState } from "react";
import { useOwnCalls } from "../dock/use-own-calls.ts";
import { otherParty, shownState } from "../live/calls.ts";
import { useNameOf } from "../live/directory.tsx";
import { useIsStale } from "../live/stale.ts";
import { useMe } from "../session/me.ts";
import { preferences } from "../settings/preferences.ts";
import { announceCall } from "../ui/announcer.tsx";
import { useStore } from "../ui/store.ts";
import { useWords } from "../words/use-words.ts";
import { notifyOf } from "./notify-of.ts";
import { startRingTone } from "./ring-tone.ts";

/** Title, notification and tone while an own call rings; one tab rings for all ([U28], [U29]). */
export function RingController() {
  const t = useWords();
  const me = useMe();
  const nameOf = useNameOf();
  const isStale = useIsStale();
  const { notify, sound } = useStore(preferences);
  const isRinger = useIsRinger();
  const ringing = useOwnCalls().find((call) => shownState(call, me) === "incoming");
  const name = ringing === undefined ? undefined : (nameOf(otherParty(ringing, me)) ?? t("call.unknown"));
  const callId = isStale ? undefined : ringing?.callId;

  useEffect(() => {
    document.title = name === undefined ? "PBX-X" : `(1) ${name} – PBX-X`;
    announceCall(name === undefined ? "" : `${t("call.incoming")}: ${name}`);
  }, [name, t]);
  useEffect(() => {
    if (callId === undefined || !sound || !isRinger) return undefined;
    return startRingTone();
  }, [callId, sound, isRinger]);
  useEffect(() => {
    const canNotify = notify && isRinger && "Notification" in globalThis && Notification.permission === "granted";
    if (callId === undefined || name === undefined || !canNotify) return undefined;
    return notifyOf(Notification, t("call.incoming"), { body: name, tag: callId });
  }, [callId, name, notify, t, isRinger]);
  return null;
}

/** Whether this tab holds the lock of the one that rings; it may come while a call rings already, as when the page was just opened. */
function useIsRinger(): boolean {
  const [has, setHas] = useState(false);
  useEffect(() => {
    const { locks } = navigator as { readonly locks?: LockManager };
    if (locks === undefined) {
      setHas(true);
      return undefined;
    }
    const leaving = new AbortController();
    const held = new Promise<void>((resolve) => leaving.signal.addEventListener("abort", () => resolve()));
    locks
      .request("pbx-x.ringer", { signal: leaving.signal }, () => {
        setHas(true);
        return held;
      })
      .catch(() => undefined);
    return () => leaving.abort();
  }, []);
  return has;
}
