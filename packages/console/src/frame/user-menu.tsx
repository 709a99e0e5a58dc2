import { type PresenceStatus, presenceStatuses } from "@pbx-x/protocol/runtime";
import { DropdownMenu } from "radix-ui";
import { useCallback } from "react";
import { useLocation } from "wouter";
import { useSelector } from "@pbx-x/client/react";
import { useRun } from "../live/use-run.ts";
import { logOut } from "../session/auth.ts";
import { useMe } from "../session/me.ts";
import { Icon } from "../ui/icons.tsx";
import { presenceMark } from "../ui/marks.ts";
import { StateMark } from "../ui/state-mark.tsx";
import { useWords } from "../words/use-words.ts";
import { ForwardingItems } from "./forwarding-items.tsx";

/** Own presence, do not disturb, forwarding, settings, log-out. */
export function UserMenu() {
  const t = useWords();
  const me = useMe();
  const run = useRun();
  const [, navigate] = useLocation();
  const { extensionId, number } = me;
  const presence = useSelector(useCallback((read) => read("presence").get(extensionId ?? ""), [extensionId]));
  const extension = useSelector(useCallback((read) => read("extensions").get(number ?? ""), [number]));
  const status: PresenceStatus = presence?.presenceStatus ?? "offline";
  const isDnd = extension?.dndEnabled === true;
  const shown = isDnd ? "dnd" : status;
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="btn btn-ghost" data-user-menu>
        <StateMark mark={presenceMark(shown)} isShort />
        <span className="max-w-40 truncate max-sm:sr-only">{me.displayName}</span>
        {number !== undefined && <span className="num text-muted max-md:sr-only">{number}</span>}
        <Icon name="down" size={14} className="text-muted" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={6}
          className="layer z-40 min-w-56 p-1.5"
          // The field that was asked for has the focus then.
          onCloseAutoFocus={(event) => location.hash === "#forwarding" && event.preventDefault()}
        >
          {extensionId !== undefined && (
            <>
              <DropdownMenu.Label className="px-2.5 py-1 text-xs text-muted">{t("user.presence")}</DropdownMenu.Label>
              <DropdownMenu.RadioGroup
                value={presence?.isManual === true ? status : "auto"}
                onValueChange={(value) => {
                  const wanted = presenceStatuses.find((each) => each === value) ?? null;
                  void run("setPresence", { status: wanted }, "me");
                }}
              >
                <PresenceItem value="auto" label={t("user.presenceAuto")} />
                {(["available", "busy", "away"] as const).map((each) => (
                  <DropdownMenu.RadioItem key={each} value={each} className="menu-item">
                    <StateMark mark={presenceMark(each)} />
                    <DropdownMenu.ItemIndicator className="ml-auto">
                      <Icon name="check" />
                    </DropdownMenu.ItemIndicator>
                  </DropdownMenu.RadioItem>
                ))}
              </DropdownMenu.RadioGroup>
              <DropdownMenu.Separator className="my-1 h-px bg-line" />
              <DropdownMenu.CheckboxItem
                className="menu-item"
                checked={isDnd}
                onCheckedChange={(checked) => void run("setDnd", { enabled: checked }, "me")}
              >
                <StateMark mark={presenceMark("dnd")} />
                <DropdownMenu.ItemIndicator className="ml-auto">
                  <Icon name="check" />
                </DropdownMenu.ItemIndicator>
              </DropdownMenu.CheckboxItem>
              <ForwardingItems extension={extension} />
              <DropdownMenu.Separator className="my-1 h-px bg-line" />
            </>
          )}
          <DropdownMenu.Item className="menu-item" onSelect={() => navigate("/settings")}>
            <Icon name="sliders" />
            {t("nav.settings")}
          </DropdownMenu.Item>
          <DropdownMenu.Item className="menu-item" onSelect={() => void logOut()}>
            <Icon name="logout" />
            {t("user.logout")}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function PresenceItem({ value, label }: { readonly value: string; readonly label: string }) {
  return (
    <DropdownMenu.RadioItem value={value} className="menu-item text-xs font-medium">
      <Icon name="returned" size={14} />
      {label}
      <DropdownMenu.ItemIndicator className="ml-auto">
        <Icon name="check" />
      </DropdownMenu.ItemIndicator>
    </DropdownMenu.RadioItem>
  );
}
