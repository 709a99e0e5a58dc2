import type { Call } from "@pbx-x/protocol/runtime";
import { useMay } from "../session/me.ts";
import { ActionButton } from "../ui/action-button.tsx";
import type { IconName } from "../ui/icons.tsx";
import { besides } from "../ui/marks.ts";
import { StateMark } from "../ui/state-mark.tsx";
import { useWords } from "../words/use-words.ts";
import type { WordKey } from "../words/words.ts";

type RecordCommand = "recordStart" | "recordPause" | "recordResume" | "recordStop";

const looks: Readonly<Record<RecordCommand, { readonly word: WordKey; readonly icon: IconName }>> = {
  recordStart: { word: "act.record", icon: "record" },
  recordPause: { word: "act.recordPause", icon: "pause" },
  recordResume: { word: "act.recordResume", icon: "record" },
  recordStop: { word: "act.recordStop", icon: "square" },
};

/** Recording: the red mark is there only while the server says that it records ([U25]). */
export function RecordButtons({ call }: { readonly call: Call }) {
  const t = useWords();
  const mayRecord = useMay("calls.record");
  const { callId, recording } = call;
  const isPaused = recording?.state === "paused";
  const commands: readonly RecordCommand[] =
    recording === undefined ? ["recordStart"] : [isPaused ? "recordResume" : "recordPause", "recordStop"];
  return (
    <>
      {recording !== undefined && (
        <span data-recording={recording.state}>
          <StateMark mark={isPaused ? besides.recordingPaused : besides.recording} />
        </span>
      )}
      {mayRecord &&
        commands.map((command) => (
          <ActionButton
            key={command}
            command={command}
            callId={callId}
            params={{ callId }}
            label={t(looks[command].word)}
            icon={looks[command].icon}
            isIconOnly={command !== "recordStart"}
          />
        ))}
    </>
  );
}
