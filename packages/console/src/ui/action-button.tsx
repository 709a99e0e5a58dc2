import type { CallAction, CommandName, ParamsOf, ResultOf } from "@pbx-x/protocol/runtime";
import { useAllowed } from "@pbx-x/client/react";
import { useIsStale } from "../live/stale.ts";
import { useOverlay, useRun } from "../live/use-run.ts";
import { useWords } from "../words/use-words.ts";
import { Icon, type IconName } from "./icons.tsx";
import { Spinner } from "./spinner.tsx";
import { Tip } from "./tip.tsx";

/** Why an action on a call is not possible now; undefined where it is ([U6], W46). */
export function useRefusal(callId: string, action: CallAction): string | undefined {
  const t = useWords();
  const isStale = useIsStale();
  const allowance = useAllowed(callId)?.[action];
  const reason = allowance === undefined ? "call_ended" : allowance.ok ? undefined : allowance.reason;
  if (isStale) return t("connection.stale");
  return reason === undefined ? undefined : t(`refusal.${reason}`);
}

interface ActionButtonProps<C extends CommandName & CallAction> {
  readonly command: C;
  readonly callId: string;
  readonly params: ParamsOf<C>;
  readonly label: string;
  readonly icon: IconName;
  readonly className?: string;
  readonly isIconOnly?: boolean;
  readonly isPressed?: boolean;
  /** A press is dropped while this says so ([U31]). */
  readonly guard?: () => boolean;
  /** With the answer, or undefined where it was refused. */
  readonly onDone?: (result: ResultOf<C> | undefined) => void;
}

/** A button for one command on one call: it knows whether it is possible, why not, and what is pending. */
export function ActionButton<C extends CommandName & CallAction>(props: ActionButtonProps<C>) {
  const { command, callId, params, label, icon, className = "", isIconOnly = false, isPressed, guard, onDone } = props;
  const run = useRun();
  const refusal = useRefusal(callId, command);
  const overlay = useOverlay(callId, command);
  const isDisabled = refusal !== undefined || overlay !== undefined;
  return (
    <Tip text={refusal ?? (isIconOnly ? label : undefined)}>
      <button
        type="button"
        className={`btn ${isIconOnly ? "btn-icon" : ""} ${className}`}
        aria-label={label}
        aria-disabled={isDisabled}
        aria-pressed={isPressed}
        data-pressed={overlay !== undefined}
        onClick={() => {
          if (isDisabled || guard?.() === false) return;
          void run(command, params, callId).then((result) => onDone?.(result));
        }}
      >
        {overlay === "slow" ? <Spinner /> : <Icon name={icon} />}
        {!isIconOnly && <span>{label}</span>}
      </button>
    </Tip>
  );
}
