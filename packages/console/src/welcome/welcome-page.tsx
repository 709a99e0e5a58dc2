import { useCalls, useRegistrations } from "@pbx-x/client/react";
import { useLiveChannels } from "../live/use-live-channels.ts";
import { type ReactNode, useEffect, useState } from "react";
import { Link } from "wouter";
import { PhoneButton } from "../admin/phone-button.tsx";
import { phoneSecret } from "../admin/phone-settings.ts";
import type { Status } from "../admin/extensions-page.tsx";
import { useDirectory, useNameOf } from "../live/directory.tsx";
import { useApi } from "../rest/use-api.ts";
import { Choice } from "../ui/choice.tsx";
import { ConfigureLink } from "../ui/configure-link.tsx";
import { Icon } from "../ui/icons.tsx";
import { PageView } from "../ui/page.tsx";
import { useWords } from "../words/use-words.ts";

/** The first half hour: a phone, a call, the outside, the team; everything is seen live, nothing has to be done in order. */
export function WelcomePage() {
  const t = useWords();
  const nameOf = useNameOf();
  useLiveChannels(["extensions", "calls"]);
  const { entries, isLoading } = useDirectory();
  const hasNobody = entries.length === 0 && !isLoading;
  const [number, setNumber] = useState("");
  const entry = entries.find((each) => each.number === number) ?? entries[0];
  const phones = useRegistrations(entry?.number ?? "");
  const { data: status } = useApi<Status>("/system/status");
  const ports = status?.details?.sip ?? {};
  const call = useCalls().at(-1);
  const [seen, setSeen] = useState("");
  useEffect(() => {
    if (call === undefined) return;
    setSeen(t("welcome.callSeen", { caller: nameOf(call.caller) ?? "", callee: nameOf(call.callee) ?? "" }));
  }, [call, t, nameOf]);
  const phone = phones[0];
  return (
    <PageView
      title={t("welcome.title")}
      actions={
        <Link href="/panel" className="btn">
          {t("welcome.skip")}
        </Link>
      }
    >
      <ol className="flex flex-col gap-4">
        <Step index={1} title={t("welcome.phone")} isDone={phone !== undefined}>
          <p>{t(hasNobody ? "panel.empty" : "welcome.phoneText")}</p>
          {hasNobody && (
            <span>
              <ConfigureLink href="/admin/extensions" text={t("panel.addOne")} />
            </span>
          )}
          {entry !== undefined && (
            <div className="flex flex-wrap items-center gap-4">
              <Choice
                label={t("destination.extension")}
                value={entry.number}
                options={entries.map((each) => ({ value: each.number, label: `${each.number} ${each.displayName}` }))}
                onChange={setNumber}
              />
              {phoneSecret(t, { number: entry.number, password: "", host: location.hostname, ports })
                .rows.slice(0, 2)
                .map(({ label, value }) => (
                  <span key={label} className="text-sm">
                    <span className="text-muted">{label}</span> <code className="font-mono">{value}</code>
                  </span>
                ))}
              <PhoneButton id={entry.extensionId} number={entry.number} name={entry.displayName} ports={ports} />
            </div>
          )}
          {entry !== undefined && (
            <>
              <p className="text-sm text-muted">{t("welcome.passwords")}</p>
              <p
                role="status"
                data-phone={phone === undefined ? "waiting" : "there"}
                className={`font-medium ${phone === undefined ? "text-ring" : "text-ok"}`}
              >
                {phone === undefined
                  ? t("welcome.phoneWaiting", { number: entry.number })
                  : t("welcome.phoneThere", { number: phone.number, agent: phone.userAgent })}
              </p>
            </>
          )}
        </Step>
        <Step index={2} title={t("welcome.call")} isDone={seen !== ""}>
          <p>{t("welcome.callText")}</p>
          {seen !== "" && (
            <p role="status" className="font-medium text-ok">
              {seen}
            </p>
          )}
        </Step>
        <Step index={3} title={t("welcome.trunk")}>
          <p>{t("welcome.trunkText")}</p>
          <Link href="/admin/trunks" className="btn self-start">
            {t("welcome.open")}
          </Link>
        </Step>
        <Step index={4} title={t("welcome.users")}>
          <p>{t("welcome.usersText")}</p>
          <Link href="/admin/users" className="btn self-start">
            {t("welcome.open")}
          </Link>
        </Step>
      </ol>
    </PageView>
  );
}

function Step({
  index,
  title,
  isDone = false,
  children,
}: {
  readonly index: number;
  readonly title: string;
  readonly isDone?: boolean;
  readonly children: ReactNode;
}) {
  const t = useWords();
  return (
    <li className="panel flex gap-4 p-5">
      <span
        className={`num flex size-8 shrink-0 items-center justify-center rounded-full border font-semibold ${isDone ? "border-ok text-ok" : "border-control text-muted"}`}
      >
        {isDone ? <Icon name="check" /> : index}
      </span>
      <div className="flex min-w-0 flex-col gap-3">
        <p className="text-lg font-semibold">
          {title} {isDone && <span className="text-sm font-medium text-ok">{t("welcome.done")}</span>}
        </p>
        {children}
      </div>
    </li>
  );
}
