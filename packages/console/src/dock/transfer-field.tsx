import type { Call } from "@pbx-x/protocol/runtime";
import { NumberField } from "../dial/number-field.tsx";
import { otherParty } from "../live/calls.ts";
import { useNameOf } from "../live/directory.tsx";
import { useRun } from "../live/use-run.ts";
import { useMe } from "../session/me.ts";
import { preferences } from "../settings/preferences.ts";
import { Modal } from "../ui/modal.tsx";
import { useStore } from "../ui/store.ts";
import { useWords } from "../words/use-words.ts";
import { transferOpen } from "./dock-store.ts";

/** Who a call goes to, by name or number: Enter does the one way, Ctrl+Enter the other ([U34]). */
export function TransferField({ calls }: { readonly calls: readonly Call[] }) {
  const t = useWords();
  const me = useMe();
  const nameOf = useNameOf();
  const run = useRun();
  const open = useStore(transferOpen);
  const enterDoes = useStore(preferences, ({ enterDoes: does }) => does);
  const call = calls.find(({ callId }) => callId === open?.callId);
  if (open === undefined || call === undefined) return null;
  const name = nameOf(otherParty(call, me)) ?? t("call.unknown");
  const isRedirect = open.does === "redirect";
  const title = t(isRedirect ? "act.redirectTitle" : "act.transferTitle", { name });
  const { callId } = call;
  const pick = (number: string, isAlternate: boolean): void => {
    transferOpen.set(undefined);
    if (isRedirect) void run("redirect", { callId, destination: number }, callId);
    else if ((enterDoes === "consult") !== isAlternate) void run("consult", { callId, to: number }, callId);
    else void run("transferBlind", { callId, destination: number }, callId);
  };
  const [plain, other] =
    enterDoes === "consult" ? (["consult", "transferNow"] as const) : (["transferNow", "consult"] as const);
  return (
    <Modal
      data-transfer-field
      title={title}
      width="narrow"
      place="top"
      isOpen
      onClose={() => transferOpen.set(undefined)}
    >
      <NumberField
        label={title}
        autoFocus
        isInline
        onPick={(choice, isAlternate) => pick(choice.number, isAlternate)}
      />
      {!isRedirect && (
        <p className="mt-3 flex gap-4 text-xs text-muted">
          <span>
            <kbd>Enter</kbd> {t(`act.${plain}`)}
          </span>
          <span>
            <kbd>Ctrl/⌘ + Enter</kbd> {t(`act.${other}`)}
          </span>
        </p>
      )}
    </Modal>
  );
}
