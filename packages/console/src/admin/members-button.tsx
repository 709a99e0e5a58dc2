import { useEffect, useRef, useState } from "react";
import { useDirectory } from "../live/directory.tsx";
import { showFailure } from "../live/show-failure.ts";
import { api } from "../rest/api.ts";
import { useApi } from "../rest/use-api.ts";
import { Modal } from "../ui/modal.tsx";
import { LoadError, Skeleton } from "../ui/page.tsx";
import { useWords } from "../words/use-words.ts";
import { changedMembers, type Member } from "./changed-members.ts";
import { FieldInput } from "./field-input.tsx";

interface MemberList {
  readonly data: readonly Member[];
}

interface MembersButtonProps {
  readonly queueId: string;
  readonly name: string;
  readonly onSaved: () => void;
}

/** Who belongs to a queue. */
export function MembersButton({ queueId, name, onSaved }: MembersButtonProps) {
  const t = useWords();
  const [isOpen, setOpen] = useState(false);
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
      <Modal title={name} width="narrow" isOpen={isOpen} onClose={() => setOpen(false)}>
        <Members path={`/queues/${queueId}/members`} onClose={() => setOpen(false)} onSaved={onSaved} />
      </Modal>
    </>
  );
}

interface MembersProps {
  readonly path: string;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}

function Members({ path, onClose, onSaved }: MembersProps) {
  const t = useWords();
  const { entries } = useDirectory();
  const [chosen, setChosen] = useState<readonly string[] | undefined>();
  const { data, error, reload } = useApi<MemberList>(path);
  const fields = useRef<HTMLDivElement>(null);
  const isKnown = data !== undefined;
  // The window took the focus while there was no field in it.
  useEffect(() => {
    if (isKnown) fields.current?.querySelector("input")?.focus();
  }, [isKnown]);
  // Not before they are known: saved are all that are chosen.
  if (data === undefined)
    return error === undefined ? <Skeleton rows={3} /> : <LoadError error={error} onRetry={reload} />;
  const members = data.data;
  const value = chosen ?? members.map(({ extensionId }) => extensionId);
  const save = async (): Promise<void> => {
    const now = await api<MemberList>(path);
    await api(path, { method: "PUT", body: { members: changedMembers(members, value, now.data) } });
    onClose();
    onSaved();
  };
  return (
    <div ref={fields}>
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
        <button type="button" className="btn" onClick={onClose}>
          {t("common.cancel")}
        </button>
        <button type="button" className="btn btn-primary" onClick={() => void save().catch(showFailure)}>
          {t("common.save")}
        </button>
      </div>
    </div>
  );
}
