import type { Party } from "@pbx-x/protocol/runtime";
import { useState } from "react";
import { Link } from "wouter";
import { useNameOf } from "../live/directory.tsx";
import { showFailure } from "../live/show-failure.ts";
import { formatElapsed, formatWhen } from "../live/format-time.ts";
import { serverNow } from "../live/server-clock.ts";
import { useReloadOn } from "../live/use-reload-on.ts";
import { api, type Page } from "../rest/api.ts";
import { useApi } from "../rest/use-api.ts";
import { SoundPlayer } from "../sound/sound-player.tsx";
import { useCallHref } from "../timeline/call-href.ts";
import { ask } from "../ui/ask.tsx";
import { DeleteButton } from "../ui/delete-button.tsx";
import { FilterField } from "../ui/filter-field.tsx";
import { Icon } from "../ui/icons.tsx";
import { PageView } from "../ui/page.tsx";
import { PagedList } from "../ui/paged-list.tsx";
import { useQuery } from "../ui/use-query.ts";
import { useLanguage, useWords } from "../words/use-words.ts";

interface Recording {
  readonly id: string;
  readonly callId: string;
  readonly status: "recording" | "complete" | "failed";
  readonly caller: Party;
  readonly callee: Party;
  readonly startedAt: string;
  readonly durationSeconds: number;
}

const changes = [
  "CALL_RECORDING_STARTED",
  "CALL_RECORDING_STOPPED",
  "CALL_RECORDING_FAILED",
  "CONFERENCE_RECORDING_STARTED",
  "CONFERENCE_RECORDING_STOPPED",
  "CONFERENCE_RECORDING_FAILED",
] as const;

/** Recorded calls; two rows of waveform are the two parties. */
export function RecordingsPage() {
  const t = useWords();
  const [get, put] = useQuery();
  const query = new URLSearchParams({
    limit: "25",
    page: get("page") || "1",
    ...(get("q") !== "" && { search: get("q") }),
  });
  const loaded = useApi<Page<Recording>>(`/recordings?${query.toString()}`);
  const { reload } = loaded;
  useReloadOn(changes, reload);
  return (
    <PageView title={t("recordings.title")}>
      <FilterField value={get("q")} onChange={(q) => put({ q, page: "" })} />
      <PagedList loaded={loaded} emptyIcon="tape" emptyText={t("recordings.empty")}>
        {(rows) => (
          <ul>
            {rows.map((recording) => (
              <RecordingRow key={recording.id} recording={recording} onDeleted={reload} />
            ))}
          </ul>
        )}
      </PagedList>
    </PageView>
  );
}

function RecordingRow({ recording, onDeleted }: { readonly recording: Recording; readonly onDeleted: () => void }) {
  const t = useWords();
  const hrefOf = useCallHref();
  const language = useLanguage();
  const nameOf = useNameOf();
  const [isOpen, setOpen] = useState(false);
  const { id, callId, status, startedAt, durationSeconds } = recording;
  const caller = nameOf(recording.caller) ?? t("call.unknown");
  const callee = nameOf(recording.callee) ?? t("call.unknown");
  const remove = (): void =>
    ask({
      title: t("common.delete"),
      text: t("recordings.askDelete", { caller, callee }),
      run: () => {
        api(`/recordings/${id}`, { method: "DELETE" }).then(onDeleted, showFailure);
      },
    });
  return (
    <li data-recording={id} className="flex flex-col gap-2 border-b border-line px-4 py-3 last:border-0">
      <div className="flex flex-wrap items-center gap-3">
        <button
          type="button"
          className="btn btn-icon"
          aria-expanded={isOpen}
          aria-label={`${t("sound.play")}: ${caller}, ${callee}`}
          aria-disabled={status !== "complete"}
          onClick={() => status === "complete" && setOpen(!isOpen)}
        >
          <Icon name={isOpen ? "down" : "play"} />
        </button>
        <span className="min-w-0 flex-1 truncate font-medium">
          {caller} <span className="text-muted">→</span> {callee}
        </span>
        {status !== "complete" && (
          <span className="text-xs text-danger">
            {t(status === "recording" ? "recordings.running" : "recordings.failed")}
          </span>
        )}
        <span className="num text-sm text-muted">{formatElapsed(durationSeconds * 1000)}</span>
        <Link href={hrefOf(callId)} className="num rounded-sm text-sm text-accent hover:underline">
          {formatWhen(startedAt, language, serverNow())}
        </Link>
        <DeleteButton what={`${caller}, ${callee}`} onPress={remove} />
      </div>
      {isOpen && (
        <SoundPlayer
          path={`/recordings/${id}/stream`}
          peaksPath={`/recordings/${id}/peaks`}
          durationSeconds={durationSeconds}
        />
      )}
    </li>
  );
}
