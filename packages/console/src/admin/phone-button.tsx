import { useRegistrations } from "@pbx-x/client/react";
import { Dialog } from "radix-ui";
import { useState } from "react";
import { failureWords } from "../live/failure-words.ts";
import { api } from "../rest/api.ts";
import { ask } from "../ui/ask.tsx";
import { Icon } from "../ui/icons.tsx";
import { showToast } from "../ui/toaster.tsx";
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
  const tell = (error: unknown): void => void showToast({ kind: "error", text: failureWords(error, t) });
  const settings = phoneSecret(t, { number, password: t("admin.phoneKept"), host: location.hostname, ports });
  const renew = (): void =>
    ask({
      title: t("admin.newPassword"),
      text: t("admin.askNewPassword", { name }),
      confirm: t("admin.newPassword"),
      run: () => {
        const password = newSipPassword();
        api(`/extensions/${id}`, { method: "PATCH", body: { sipPassword: password } }).then(
          () => setSecret(phoneSecret(t, { number, password, host: location.hostname, ports })),
          tell,
        );
      },
    });
  return (
    <>
      <Dialog.Root open={isOpen} onOpenChange={setOpen}>
        <Dialog.Trigger className={`btn btn-sm ${phones.length > 0 ? "text-ok" : ""}`}>
          <Icon name="phone" size={14} />
          <span className="sr-only">
            {t("admin.phone")} {number}:
          </span>
          <span className="num">{phones.length}</span>
        </Dialog.Trigger>
        <Dialog.Portal>
          <Dialog.Overlay className="fixed inset-0 z-40 bg-black/30" />
          <Dialog.Content
            aria-describedby={undefined}
            className="layer fixed top-1/2 left-1/2 z-40 max-h-[85vh] w-[min(520px,calc(100vw-24px))] -translate-x-1/2 -translate-y-1/2 overflow-auto p-6"
          >
            <Dialog.Title className="text-lg font-semibold text-text">{settings.title}</Dialog.Title>
            <dl className="mt-3 grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1">
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
                        confirm: t("admin.unregister"),
                        run: () => {
                          api(`/extensions/${id}/registrations/${bindingId ?? key}`, { method: "DELETE" }).catch(tell);
                        },
                      })
                    }
                  >
                    {t("admin.unregister")}
                  </button>
                </li>
              ))}
            </ul>
            <Dialog.Close className="btn mt-5">{t("common.close")}</Dialog.Close>
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
      {secret !== undefined && <SecretDialog secret={secret} onClose={() => setSecret(undefined)} />}
    </>
  );
}
