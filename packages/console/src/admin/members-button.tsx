import { useState } from "react";
import { useDirectory } from "../live/directory.tsx";
import { showFailure } from "../live/show-failure.ts";
import { api } from "../rest/api.ts";
import { useApi } from "../rest/use-api.ts";
import { Modal } from "../ui/modal.tsx";
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
  const close = (): void => {
    setOpen(false);
    setChosen(undefined);
  };
  const save = (): void => {
    const kept = new Map(
      members.map(({ extensionId, penalty, skills }) => [extensionId, { extensionId, penalty, skills }]),
    );
    const body = { members: value.map((extensionId) => kept.get(extensionId) ?? { extensionId }) };
    api(`/queues/${queueId}/members`, { method: "PUT", body }).then(() => {
      close();
      onSaved();
    }, showFailure);
  };
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        className="btn btn-sm"
        aria-label={`${t("admin.members")}: ${name}`}
        onClick={() => setOpen(true)}
      >
        {t("admin.members")}
      </button>
      <Modal title={name} width="narrow" isOpen={isOpen} onClose={close}>
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
          <button type="button" className="btn" onClick={close}>
            {t("common.cancel")}
          </button>
          <button type="button" className="btn btn-primary" onClick={save}>
            {t("common.save")}
          </button>
        </div>
      </Modal>
    </>
  );
}
