import { useRef, useState } from "react";
import { showFailure } from "../live/show-failure.ts";
import { api, type Page } from "../rest/api.ts";
import { useApi } from "../rest/use-api.ts";
import { SoundPlayer } from "../sound/sound-player.tsx";
import { ask } from "../ui/ask.tsx";
import { Choice } from "../ui/choice.tsx";
import { DeleteButton } from "../ui/delete-button.tsx";
import { Icon } from "../ui/icons.tsx";
import { Empty, LoadError, Skeleton } from "../ui/page.tsx";
import { useWords } from "../words/use-words.ts";

interface Prompt {
  readonly id: string;
  readonly name: string;
  readonly durationMs: number;
}

/** Uploaded sound, and which of it who is held hears. */
export function PromptsPage() {
  const t = useWords();
  const file = useRef<HTMLInputElement>(null);
  const { data, error, isLoading, reload } = useApi<Page<Prompt>>("/prompts?limit=100");
  const music = useApi<{ readonly promptId: string | null }>("/music-on-hold");
  const [played, setPlayed] = useState<string | undefined>();
  const upload = (chosen: File): void => {
    const name = chosen.name.replace(/\.wav$/i, "");
    api(`/prompts?name=${encodeURIComponent(name)}`, {
      method: "POST",
      raw: { type: "audio/wav", bytes: chosen },
    }).then(reload, showFailure);
  };
  return (
    <section aria-label={t("admin.prompts")} className="flex min-w-0 flex-1 flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="mr-auto !text-lg !text-text">{t("admin.prompts")}</h2>
        <input
          ref={file}
          type="file"
          accept=".wav,audio/wav"
          className="sr-only"
          aria-label={t("admin.upload")}
          tabIndex={-1}
          onChange={({ currentTarget }) => {
            const chosen = currentTarget.files?.[0];
            if (chosen !== undefined) upload(chosen);
            currentTarget.value = "";
          }}
        />
        <button type="button" className="btn btn-primary" onClick={() => file.current?.click()}>
          <Icon name="upload" />
          {t("admin.upload")}
        </button>
      </div>
      {error !== undefined && <LoadError error={error} onRetry={reload} />}
      <label className="flex flex-wrap items-center gap-3 text-sm">
        <span className="font-medium">{t("admin.music")}</span>
        <Choice
          label={t("admin.music")}
          value={music.data?.promptId ?? ""}
          options={[
            { value: "", label: t("admin.noMusic") },
            ...(data?.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(promptId) => {
            api("/music-on-hold", { method: "PUT", body: { promptId: promptId === "" ? null : promptId } }).then(
              music.reload,
              showFailure,
            );
          }}
        />
      </label>
      <div className="panel">
        {data === undefined && isLoading && <Skeleton />}
        {data?.data.length === 0 && <Empty icon="wave" text={t("admin.empty.prompts")} />}
        <ul>
          {data?.data.map(({ id, name, durationMs }) => (
            <li key={id} className="flex flex-col gap-2 border-b border-line px-4 py-2 last:border-0">
              <div className="flex items-center gap-3">
                <button
                  type="button"
                  className="btn btn-icon"
                  aria-label={`${t("sound.play")}: ${name}`}
                  aria-expanded={played === id}
                  onClick={() => setPlayed(played === id ? undefined : id)}
                >
                  <Icon name="play" />
                </button>
                <span className="mr-auto font-medium">{name}</span>
                <DeleteButton
                  what={name}
                  onPress={() =>
                    ask({
                      title: t("common.delete"),
                      text: `${t("admin.askDelete", { name })} ${t("admin.loses.prompt")}`,
                      run: () => {
                        api(`/prompts/${id}`, { method: "DELETE" }).then(reload, showFailure);
                      },
                    })
                  }
                />
              </div>
              {played === id && <SoundPlayer path={`/prompts/${id}/stream`} durationSeconds={durationMs / 1000} />}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
