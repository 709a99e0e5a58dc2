import { useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { chosenCall, isLayoutSettled, isShownFor, transferOpen } from "../dock/dock-store.ts";
import { useAnswer } from "../dock/incoming-card.tsx";
import { useOwnCalls } from "../dock/use-own-calls.ts";
import { routes } from "../frame/routes.ts";
import { consultationOf, shownState } from "../live/calls.ts";
import { usePbx } from "@pbx-x/client/react";
import { useRun } from "../live/use-run.ts";
import { useMe } from "../session/me.ts";
import { preferences } from "../settings/preferences.ts";
import { useWords } from "../words/use-words.ts";
import { KeyHelp } from "./key-help.tsx";
import { type KeyAction, keyAction } from "./key-action.ts";

/** Keys that work on every page. */
export function KeyHandler() {
  const t = useWords();
  const [isGoing, setGoing] = useState(false);
  const [isHelpOpen, setHelp] = useState(false);
  const act = useAct();
  const [, navigate] = useLocation();
  const me = useMe();
  const newest = useRef<(event: KeyboardEvent) => void>(() => undefined);
  newest.current = (event) => {
    if (event.defaultPrevented) return;
    const press = {
      key: event.key,
      ctrl: event.ctrlKey || event.metaKey,
      shift: event.shiftKey,
      alt: event.altKey,
      isRepeated: event.repeat,
    };
    // What the first press meant here must not mean the browser's own the second time.
    const context = {
      isInField: isTextField(event.target),
      hasSingleKeys: preferences.get().singleKeys,
      isGoing,
      isLayerOpen: document.querySelector("[role=dialog],[role=alertdialog],[role=menu]") !== null,
    };
    if (press.isRepeated && keyAction({ ...press, isRepeated: false }, context) !== undefined) event.preventDefault();
    const action = keyAction(press, context);
    if (isGoing && event.key !== "Shift" && !event.repeat) setGoing(false);
    if (action === undefined) return;
    if (action === "go") setGoing(true);
    else if (action === "help") setHelp(true);
    else if (typeof action === "object" && "goKey" in action) {
      const route = routes.find(({ key, needs }) => key === action.goKey && me.permissions.has(needs));
      if (route !== undefined) navigate(route.path);
    } else if (!act(action)) return;
    event.preventDefault();
  };
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => newest.current(event);
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
  return (
    <>
      {isGoing && (
        <div role="status" className="layer fixed bottom-4 left-1/2 z-50 -translate-x-1/2 px-4 py-2 font-medium">
          {t("keys.goHint")}
        </div>
      )}
      <KeyHelp isOpen={isHelpOpen} onClose={() => setHelp(false)} />
    </>
  );
}

function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const isInput = target instanceof HTMLInputElement && !["checkbox", "radio", "button", "range"].includes(target.type);
  return (
    isInput || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
  );
}

/** Does what a key means for the own calls; false where there is nothing for it to do. */
function useAct(): (action: Exclude<KeyAction, "go" | "help" | { readonly goKey: string }>) => boolean {
  const client = usePbx();
  const run = useRun();
  const answer = useAnswer();
  const me = useMe();
  const calls = useOwnCalls();
  return (action) => {
    if (typeof action === "object" && "press" in action) {
      const button = document.querySelector<HTMLElement>(`[data-key="${action.press}"]`);
      // A menu button opens by Enter, not by a click that no pointer made.
      button?.focus();
      if (button?.getAttribute("aria-haspopup") === "menu")
        button.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
      else button?.click();
      return button !== null;
    }
    if (typeof action === "object") {
      chosenCall.set(calls[action.choose]?.callId);
      return calls[action.choose] !== undefined;
    }
    if (action === "palette" || action === "dial") return focus('[data-field="dial"]');
    if (action === "filter") return focus('[data-field="filter"]');
    const chosen = calls.find(({ callId }) => callId === chosenCall.get());
    if (action === "answer") {
      const ringing = [chosen, ...calls].find(
        (call) => call !== undefined && ["incoming", "own_ringing"].includes(shownState(call, me)),
      );
      if (ringing === undefined || !isShownFor(ringing.callId, 500)) return false;
      void answer(ringing.callId);
      return true;
    }
    const call = chosen ?? calls.findLast(({ state }) => state === "answered") ?? calls.at(-1);
    if (call === undefined) return false;
    const { callId } = call;
    const may = client.state.allowed(callId);
    const pair = consultationOf(call, calls, me);
    switch (action) {
      case "hold": {
        const command = may?.unhold.ok === true ? "unhold" : "hold";
        if (may?.[command].ok === true) void run(command, { callId }, callId);
        return true;
      }
      case "transfer":
        if (may?.transferBlind.ok === true) transferOpen.set({ callId, does: "transfer" });
        return true;
      case "park":
        if (may?.park.ok === true) void run("park", { callId }, callId);
        return true;
      case "record": {
        const command = call.recording === undefined ? "recordStart" : "recordStop";
        if (may?.[command].ok === true) void run(command, { callId }, callId);
        return true;
      }
      case "connect":
      case "back": {
        if (pair === undefined) return false;
        const command = action === "connect" ? "transferAttended" : "cancelTransfer";
        void run(command, { callId: pair.held.callId, consultCallId: pair.consult.callId }, pair.held.callId);
        return true;
      }
      case "hangup":
        if (chosen !== undefined && isLayoutSettled()) void run("hangup", { callId }, callId);
        return true;
    }
  };
}

function focus(selector: string): boolean {
  const field = document.querySelector<HTMLElement>(selector);
  field?.focus();
  return field !== null;
}
