import { Dialog } from "radix-ui";
import { useSearchParams } from "wouter";
import { Icon } from "../ui/icons.tsx";
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
    <Dialog.Root open={callId !== undefined} onOpenChange={(open) => !open && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-30 bg-black/20" />
        <Dialog.Content
          aria-describedby={undefined}
          data-timeline
          className="layer fixed inset-y-0 right-0 z-30 flex w-[min(480px,100vw)] flex-col !rounded-none"
        >
          <div className="flex items-center border-b border-line px-5 py-3">
            <Dialog.Title className="text-lg font-semibold text-text">{t("timeline.title")}</Dialog.Title>
            <Dialog.Close className="btn btn-ghost btn-icon ml-auto" aria-label={t("common.close")}>
              <Icon name="cross" />
            </Dialog.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-auto p-5" tabIndex={0} role="region" aria-label={t("timeline.title")}>
            {callId !== undefined && <Timeline key={callId} callId={callId} />}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
