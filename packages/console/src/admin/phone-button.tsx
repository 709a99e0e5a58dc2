import { useRegistrations } from "@pbx-x/client/react";
import { useState } from "react";
import { showFailure } from "../live/show-failure.ts";
import { api } from "../rest/api.ts";
import { ask } from "../ui/ask.tsx";
import { Icon } from "../ui/icons.tsx";
import { Modal } from "../ui/modal.tsx";
import { useWords } from "../words/use-words.ts";
import { newSipPassword, phoneSecret, type SipPorts } from "./phone-settings.ts";
import { SecretDialog, type Secret } from "./secret-dialog.tsx";

interface PhoneButtonProps {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly ports: SipPorts;
}

/** Phones of an extension, live, and what to enter in a new one. */
export function PhoneButton({ id, number, name, ports }: PhoneButtonProps) {
  const t = useWords();
  const phones = useRegistrations(number);
  const [isOpen, setOpen] = useState(false);
  const [secret, setSecret] = useState<Secret | undefined>();
  const settings = phoneSecret(t, { number, password: t("admin.phoneKept"), host: location.hostname, ports });
  const renew = (): void =>
    ask({
      title: t("admin.newPassword"),
      text: t("admin.askNewPassword", { name }),
      run: () => {
        const password = newSipPassword();
        api(`/extensions/${id}`, { method: "PATCH", body: { sipPassword: password } }).then(
          () => setSecret(phoneSecret(t, { number, password, host: location.hostname, ports })),
          showFailure,
        );
      },
    });
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        className={`btn btn-sm ${phones.length > 0 ? "text-ok" : ""}`}
        onClick={() => setOpen(true)}
      >
        <Icon name="phone" size={14} />
        <span className="sr-only">
          {t("admin.phone")} {number}:
        </span>
        <span className="num">{phones.length}</span>
      </button>
      <Modal title={settings.title} isOpen={isOpen} onClose={() => setOpen(false)}>
        <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1">
          {settings.rows.map(({ label, value }) => (
            <div key={label} className="contents">
              <dt className="text-muted">{label}</dt>
              <dd className="font-mono text-[13px]">{value}</dd>
            </div>
          ))}
        </dl>
        <button type="button" className="btn mt-3" onClick={renew}>
          {t("admin.newPassword")}
        </button>
        <h3 className="mt-5 mb-2 text-sm font-semibold">{t("admin.phones")}</h3>
        {phones.length === 0 && <p className="text-sm text-muted">{t("admin.noPhones")}</p>}
        <ul className="flex flex-col gap-2">
          {phones.map(({ key, userAgent, ipAddress, transport, bindingId }) => (
            <li key={key} className="flex items-center gap-3 rounded-sm border border-line p-2 text-sm">
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{userAgent}</span>
                <span className="num text-xs text-muted">
                  {ipAddress} · {transport.toUpperCase()}
                </span>
              </span>
              <button
                type="button"
                className="btn btn-sm"
                onClick={() =>
                  ask({
                    title: t("admin.unregister"),
                    text: t("admin.askUnregister", { phone: userAgent }),
                    run: () => {
                      api(`/extensions/${id}/registrations/${bindingId ?? key}`, { method: "DELETE" }).catch(
                        showFailure,
                      );
                    },
                  })
                }
              >
                {t("admin.unregister")}
              </button>
            </li>
          ))}
        </ul>
      </Modal>
      {secret !== undefined && <SecretDialog secret={secret} onClose={() => setSecret(undefined)} />}
    </>
  );
}
