import { Dialog } from "radix-ui";
import { useState } from "react";
import { useDirectory } from "../live/directory.tsx";
import { failureWords } from "../live/failure-words.ts";
import { api } from "../rest/api.ts";
import { useApi } from "../rest/use-api.ts";
import { showToast } from "../ui/toaster.tsx";
import { useWords } from "../words/use-words.ts";
import { FieldInput } from "./field-input.tsx";

interface Member {
  readonly extensionId: string;
  readonly penalty: number;
  readonly skills: Readonly<Record<string, number>>;
}

interface MembersButtonProps {
  readonly queueId: string;
  readonly name: string;
  readonly onSaved: () => void;
}

/** Who belongs to a queue; penalties and skills of those who stay are kept. */
export function MembersButton({ queueId, name, onSaved }: MembersButtonProps) {
  const t = useWords();
  const { entries } = useDirectory();
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState<readonly string[] | undefined>();
  const { data } = useApi<{ readonly data: readonly Member[] }>(isOpen ? `/queues/${queueId}/members` : undefined);
  const members = data?.data ?? [];
  const value = chosen ?? members.map(({ extensionId }) => extensionId);
  const save = (): void => {
    const kept = new Map(
      members.map(({ extensionId, penalty, skills }) => [extensionId, { extensionId, penalty, skills }]),
    );
    const body = { members: value.map((extensionId) => kept.get(extensionId) ?? { extensionId }) };
    api(`/queues/${queueId}/members`, { method: "PUT", body }).then(
      () => {
        setOpen(false);
        setChosen(undefined);
        onSaved();
      },
      (error: unknown) => showToast({ kind: "error", text: failureWords(error, t) }),
    );
  };
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger className="btn btn-sm" aria-label={`${t("admin.members")}: ${name}`}>
        {t("admin.members")}
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/30" />
        <Dialog.Content
          aria-describedby={undefined}
          className="layer fixed top-1/2 left-1/2 z-40 w-[min(420px,calc(100vw-24px))] -translate-x-1/2 -translate-y-1/2 p-6"
        >
          <Dialog.Title className="mb-3 text-lg font-semibold text-text">{name}</Dialog.Title>
          <FieldInput
            field={{
              name: "members",
              word: "admin.members",
              kind: "many",
              options: entries.map(({ extensionId, number, displayName }) => ({
                value: extensionId,
                label: `${number} ${displayName}`,
              })),
            }}
            value={value}
            error={undefined}
            isDisabled={false}
            onChange={(next) => setChosen(next as readonly string[])}
          />
          <div className="mt-4 flex justify-end gap-3">
            <Dialog.Close className="btn">{t("common.cancel")}</Dialog.Close>
            <button type="button" className="btn btn-primary" onClick={save}>
              {t("common.save")}
            </button>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
