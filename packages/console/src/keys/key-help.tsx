import { Modal } from "../ui/modal.tsx";
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
    <Modal title={t("keys.title")} isOpen={isOpen} onClose={onClose}>
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
    </Modal>
  );
}
