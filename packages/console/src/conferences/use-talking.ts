import { usePbxEvent } from "@pbx-x/client/react";
import { useState } from "react";

const silence: ReadonlySet<string> = new Set();

/** Who speaks now, by participant ([V23]); told only while somebody looks, and never kept. */
export function useTalking(conferenceId: string): ReadonlySet<string> {
  const [talking, setTalking] = useState(silence);
  usePbxEvent("CONFERENCE_TALKING", ({ data }) => {
    if (data.conferenceId === conferenceId) setTalking(new Set(data.talking.map(({ participantId }) => participantId)));
  });
  usePbxEvent("CONFERENCE_ENDED", ({ data }) => {
    if (data.conferenceId === conferenceId) setTalking(silence);
  });
  return talking;
}
