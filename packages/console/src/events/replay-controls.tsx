import type { AnyEvent } from "@pbx-x/protocol/runtime";
import { useConnection } from "@pbx-x/client/react";
import { type FormEvent, useState } from "react";
import { showFailure } from "../live/show-failure.ts";
import { api } from "../rest/api.ts";
import { ApiError } from "../rest/api-error.ts";
import { Icon } from "../ui/icons.tsx";
import { useWords } from "../words/use-words.ts";
import { bufferLimit } from "./event-buffer.ts";

/** Past events, apart from the live ones: they reach no model, no sound, no command. */
export interface Replay {
  readonly events: readonly AnyEvent[];
  /** The oldest position kept, where older ones were asked for. */
  readonly gap?: number;
}

interface EventsAnswer {
  readonly events: readonly AnyEvent[];
  readonly nextAfter: number;
  readonly complete: boolean;
}

export function ReplayControls({
  replay,
  onReplay,
}: {
  readonly replay: Replay | undefined;
  readonly onReplay: (replay: Replay | undefined) => void;
}) {
  const t = useWords();
  const connection = useConnection();
  const [isBusy, setBusy] = useState(false);
  const epoch = connection.at === "live" ? connection.position?.epoch : undefined;
  const read = async (after: number): Promise<void> => {
    if (epoch === undefined) return;
    setBusy(true);
    try {
      const events: AnyEvent[] = [];
      let next = after;
      for (let isComplete = false; !isComplete && events.length < bufferLimit; ) {
        const page = await api<EventsAnswer>(`/events?after=${next}&epoch=${epoch}&limit=500`);
        events.push(...page.events);
        isComplete = page.complete || page.nextAfter <= next;
        next = page.nextAfter;
      }
      onReplay({ events });
    } catch (error) {
      const isGone = error instanceof ApiError && error.status === 410;
      // The position is the one before the first event that is kept.
      const oldest = isGone ? Number(/oldest position kept is (\d+)/.exec(error.message)?.[1]) + 1 : Number.NaN;
      if (Number.isNaN(oldest)) showFailure(error);
      else onReplay({ events: [], gap: oldest });
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void read(Math.max(0, Number(new FormData(event.currentTarget).get("after") ?? 1) - 1));
  };
  if (replay !== undefined)
    return (
      <button type="button" className="btn btn-primary" autoFocus onClick={() => onReplay(undefined)}>
        <Icon name="pulse" />
        {t("events.live")}
      </button>
    );
  return (
    <form className="flex items-center gap-2" onSubmit={submit}>
      <label className="flex items-center gap-2 text-sm text-muted">
        {t("events.replayFrom")}
        <input className="field num !min-h-8 w-24" name="after" type="number" min="1" defaultValue="1" />
      </label>
      <button type="submit" className="btn" aria-disabled={isBusy || epoch === undefined}>
        {t("events.replay")}
      </button>
    </form>
  );
}
