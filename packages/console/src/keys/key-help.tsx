import { Dialog } from "radix-ui";
import { useWords } from "../words/use-words.ts";
import type { WordKey } from "../words/words.ts";

const rows: readonly (readonly [keys: string, word: WordKey])[] = [
  ["Ctrl/⌘ + K", "keys.palette"],
  ["/", "keys.filter"],
  ["D", "keys.dial"],
  ["A · F2", "keys.answer"],
  ["H · F8", "keys.hold"],
  ["T · F9", "keys.transfer"],
  ["Shift + P", "keys.park"],
  ["Shift + R", "keys.record"],
  ["Shift + Enter", "keys.connect"],
  ["Shift + ⌫", "keys.back"],
  ["1 … 9", "keys.choose"],
  ["Shift + End", "keys.hangup"],
  ["O", "keys.data"],
  ["W", "keys.ready"],
  ["Shift + B", "keys.break"],
  ["F", "keys.full"],
  ["G …", "keys.go"],
  ["Esc", "keys.escape"],
  ["?", "keys.help"],
];

export function KeyHelp({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const t = useWords();
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/30" />
        <Dialog.Content
          aria-describedby={undefined}
          className="layer fixed top-1/2 left-1/2 z-40 max-h-[85vh] w-[min(560px,calc(100vw-32px))] -translate-x-1/2 -translate-y-1/2 overflow-auto p-6"
        >
          <Dialog.Title className="mb-4 text-lg font-semibold text-text">{t("keys.title")}</Dialog.Title>
          <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-2">
            {rows.map(([keys, text]) => (
              <div key={keys} className="contents">
                <dt>
                  <kbd className="rounded-sm border border-line bg-raised px-1.5 py-0.5 text-xs">{keys}</kbd>
                </dt>
                <dd>{t(text)}</dd>
              </div>
            ))}
          </dl>
          <Dialog.Close className="btn mt-6">{t("common.close")}</Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
