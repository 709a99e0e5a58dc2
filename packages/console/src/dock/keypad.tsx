import { Popover } from "radix-ui";
import { useState } from "react";
import { useRun } from "../live/use-run.ts";
import { useRefusal } from "../ui/action-button.tsx";
import { Icon } from "../ui/icons.tsx";
import { useWords } from "../words/use-words.ts";

const digits = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] as const;

/** Sends key tones; the keyboard's digits work while it is open. */
export function Keypad({ callId }: { readonly callId: string }) {
  const t = useWords();
  const run = useRun();
  const [sent, setSent] = useState("");
  const refusal = useRefusal(callId, "sendDtmf");
  const press = (digit: string): void => {
    if (refusal !== undefined) return;
    setSent((before) => (before + digit).slice(-16));
    void run("sendDtmf", { callId, digits: digit }, `${callId} ${digit}`);
  };
  return (
    <Popover.Root onOpenChange={() => setSent("")}>
      <Popover.Trigger className="btn btn-icon" aria-label={t("act.keys")} aria-disabled={refusal !== undefined}>
        <Icon name="keypad" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="top"
          sideOffset={8}
          className="layer z-40 w-48 p-3"
          aria-label={t("act.keys")}
          onKeyDown={({ key }) => {
            const digit = digits.find((each) => each === key);
            if (digit !== undefined) press(digit);
          }}
        >
          <output className="num mb-2 block h-6 truncate text-right text-lg">{sent}</output>
          <div className="grid grid-cols-3 gap-2">
            {digits.map((digit) => (
              <button key={digit} type="button" className="btn num min-h-10 !text-lg" onClick={() => press(digit)}>
                {digit}
              </button>
            ))}
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
