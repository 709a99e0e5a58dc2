import { usePbxEvent } from "@pbx-x/client/react";
import { useState } from "react";
import { useReloadOn } from "../live/use-reload-on.ts";
import type { Page } from "../rest/api.ts";
import { useApi } from "../rest/use-api.ts";
import { Choice } from "../ui/choice.tsx";
import { PageView } from "../ui/page.tsx";
import { PagedList } from "../ui/paged-list.tsx";
import { useQuery } from "../ui/use-query.ts";
import { useWords } from "../words/use-words.ts";
import { MessageRow, type VoiceMessage } from "./message-row.tsx";

interface Box {
  readonly id: string;
  readonly extensionNumber: string;
  readonly displayName: string;
  readonly unreadCount: number;
  readonly totalCount: number;
}

/** Messages of the mailboxes that one may open; what is deleted elsewhere leaves with the reason. */
export function VoicemailPage() {
  const t = useWords();
  const [get, put] = useQuery();
  const boxes = useApi<{ readonly data: readonly Box[] }>("/voicemail/boxes");
  const boxId = get("box");
  const query = new URLSearchParams({ limit: "25", page: get("page") || "1", ...(boxId !== "" && { boxId }) });
  const loaded = useApi<Page<VoiceMessage>>(`/voicemail/messages?${query.toString()}`);
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const refresh = (): void => {
    loaded.reload();
    boxes.reload();
  };
  useReloadOn(["VOICEMAIL_RECEIVED", "VOICEMAIL_READ"], refresh);
  usePbxEvent("VOICEMAIL_DELETED", ({ data: { messageId } }) => {
    setGone((before) => new Set(before).add(messageId));
    setTimeout(refresh, 1500);
  });
  return (
    <PageView
      title={t("voicemail.title")}
      actions={
        (boxes.data?.data.length ?? 0) > 1 && (
          <Choice
            label={t("voicemail.box")}
            value={boxId}
            options={[
              { value: "", label: t("common.all") },
              ...(boxes.data?.data ?? []).map(({ id, extensionNumber, displayName, unreadCount }) => ({
                value: id,
                label: `${extensionNumber} ${displayName} (${unreadCount})`,
              })),
            ]}
            onChange={(box) => put({ box, page: "" })}
          />
        )
      }
    >
      <PagedList loaded={loaded} emptyIcon="voicemail" emptyText={t("voicemail.empty")}>
        {(rows) => (
          <ul>
            {rows.map((message) => (
              <MessageRow key={message.id} message={message} isGone={gone.has(message.id)} />
            ))}
          </ul>
        )}
      </PagedList>
    </PageView>
  );
}
