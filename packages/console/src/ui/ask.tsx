import { AlertDialog } from "radix-ui";
import { useWords } from "../words/use-words.ts";
import { createStore, useStore } from "./store.ts";
import { useFocusReturn } from "./use-focus-return.ts";

export interface Question {
  readonly title: string;
  readonly text: string;
  /** What the button reads; without, as the title. */
  readonly confirm?: string;
  readonly run: () => void;
}

const question = createStore<Question | undefined>(undefined);

/** Asks before something that cannot be taken back; the focus is on Cancel ([U31]). */
export function ask(asked: Question): void {
  question.set(asked);
}

export function Ask() {
  const asked = useStore(question);
  return (
    <AlertDialog.Root open={asked !== undefined} onOpenChange={(open) => !open && question.set(undefined)}>
      {asked !== undefined && <Frame asked={asked} />}
    </AlertDialog.Root>
  );
}

function Frame({ asked }: { readonly asked: Question }) {
  const t = useWords();
  const { title, text, confirm = title, run } = asked;
  return (
    <AlertDialog.Portal>
      <AlertDialog.Overlay className="fixed inset-0 z-50 bg-black/40" />
      <AlertDialog.Content
        className="layer fixed top-1/2 left-1/2 z-50 max-h-[calc(100dvh-24px)] w-[min(440px,calc(100vw-24px))] -translate-x-1/2 -translate-y-1/2 overflow-auto p-5"
        onCloseAutoFocus={useFocusReturn()}
      >
        <AlertDialog.Title className="text-lg font-semibold text-text">{title}</AlertDialog.Title>
        <AlertDialog.Description className="mt-2 break-words text-muted">{text}</AlertDialog.Description>
        <div className="mt-6 flex flex-wrap justify-end gap-3">
          <AlertDialog.Cancel className="btn">{t("common.cancel")}</AlertDialog.Cancel>
          <AlertDialog.Action className="btn btn-danger" onClick={run}>
            {confirm}
          </AlertDialog.Action>
        </div>
      </AlertDialog.Content>
    </AlertDialog.Portal>
  );
}
