import { useSearchParams } from "wouter";
import { Modal } from "../ui/modal.tsx";
import { useWords } from "../words/use-words.ts";
import { Timeline } from "./timeline.tsx";

/** A call's story beside any page; which one is in the address (`?call=`). */
export function TimelineSheet() {
  const t = useWords();
  const [search, setSearch] = useSearchParams();
  const callId = search.get("call") ?? undefined;
  const close = (): void =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      next.delete("call");
      return next;
    });
  return (
    <Modal
      data-timeline
      title={t("timeline.title")}
      width="narrow"
      place="side"
      isOpen={callId !== undefined}
      onClose={close}
    >
      {callId !== undefined && <Timeline key={callId} callId={callId} />}
    </Modal>
  );
}
