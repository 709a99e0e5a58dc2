import type { Call } from "@pbx-x/protocol/runtime";
import { useMay } from "../session/me.ts";
import { ActionButton } from "../ui/action-button.tsx";
import { Icon } from "../ui/icons.tsx";
import { useWords } from "../words/use-words.ts";

/** Recording: the red mark is there only while the server says that it records ([U25]). */
export function RecordButtons({ call }: { readonly call: Call }) {
  const t = useWords();
  const mayRecord = useMay("calls.record");
  const { callId, recording } = call;
  const mark = recording !== undefined && (
    <span data-recording={recording.state} className="inline-flex items-center gap-1 text-xs font-medium text-danger">
      <Icon name="record" size={14} />
      {t(recording.state === "paused" ? "call.recordingPaused" : "call.recording")}
    </span>
  );
  if (!mayRecord) return mark;
  if (recording === undefined)
    return (
      <ActionButton command="recordStart" callId={callId} params={{ callId }} label={t("act.record")} icon="record" />
    );
  return (
    <>
      {mark}
      {recording.state === "paused" ? (
        <ActionButton
          command="recordResume"
          callId={callId}
          params={{ callId }}
          label={t("act.recordResume")}
          icon="record"
          isIconOnly
        />
      ) : (
        <ActionButton
          command="recordPause"
          callId={callId}
          params={{ callId }}
          label={t("act.recordPause")}
          icon="pause"
          isIconOnly
        />
      )}
      <ActionButton
        command="recordStop"
        callId={callId}
        params={{ callId }}
        label={t("act.recordStop")}
        icon="square"
        isIconOnly
      />
    </>
  );
}
