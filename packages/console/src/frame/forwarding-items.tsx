import type { Extension } from "@pbx-x/protocol/runtime";
import { DropdownMenu } from "radix-ui";
import { useRun } from "../live/use-run.ts";
import { Icon } from "../ui/icons.tsx";
import { useWords } from "../words/use-words.ts";
import { useLocation } from "wouter";

/** Forwarding of all calls: off with one press; the destination is set on the settings page. */
export function ForwardingItems({ extension }: { readonly extension: Extension | undefined }) {
  const t = useWords();
  const run = useRun();
  const [, navigate] = useLocation();
  if (extension?.forwardUnconditionalEnabled === true) {
    const number = extension.forwardUnconditionalDestination ?? "";
    return (
      <>
        <DropdownMenu.Label className="px-2.5 py-1 text-xs text-muted">
          {t("user.forwardedTo", { number })}
        </DropdownMenu.Label>
        <DropdownMenu.Item
          className="menu-item"
          onSelect={() => void run("setForwarding", { forwardUnconditionalEnabled: false }, "me")}
        >
          <Icon name="transfer" />
          {t("user.forwardOff")}
        </DropdownMenu.Item>
      </>
    );
  }
  return (
    <DropdownMenu.Item className="menu-item" onSelect={() => navigate("/settings#forwarding")}>
      <Icon name="transfer" />
      {t("user.forwarding")} …
    </DropdownMenu.Item>
  );
}
