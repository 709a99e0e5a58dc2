import { Dialog } from "radix-ui";
import { lazy, Suspense } from "react";
import { Icon } from "../ui/icons.tsx";
import { showToast } from "../ui/toaster.tsx";
import { useWords } from "../words/use-words.ts";

const PhoneQr = lazy(async () => ({ default: (await import("./phone-qr.tsx")).PhoneQr }));

export interface Secret {
  readonly title: string;
  readonly rows: readonly { readonly label: string; readonly value: string }[];
  /** Text for a QR code. */
  readonly qr?: string;
}

/** What is shown this once, with copy; for phones as a QR code too. */
export function SecretDialog({ secret, onClose }: { readonly secret: Secret; readonly onClose: () => void }) {
  const t = useWords();
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/30" />
        <Dialog.Content
          data-secret
          className="layer fixed top-1/2 left-1/2 z-40 w-[min(480px,calc(100vw-24px))] -translate-x-1/2 -translate-y-1/2 p-6"
        >
          <Dialog.Title className="text-lg font-semibold text-text">{secret.title}</Dialog.Title>
          <Dialog.Description className="mt-1 text-sm text-muted">{t("admin.secretText")}</Dialog.Description>
          <dl className="mt-4 grid grid-cols-[max-content_1fr_auto] items-center gap-x-4 gap-y-2">
            {secret.rows.map(({ label, value }) => (
              <div key={label} className="contents">
                <dt className="text-muted">{label}</dt>
                <dd className="font-mono text-[13px] break-all">{value}</dd>
                <button
                  type="button"
                  className="btn btn-ghost btn-icon btn-sm"
                  aria-label={`${t("common.copy")}: ${label}`}
                  onClick={() =>
                    void navigator.clipboard
                      .writeText(value)
                      .then(() => showToast({ kind: "info", text: t("common.copied"), stays: 1500 }))
                  }
                >
                  <Icon name="copy" />
                </button>
              </div>
            ))}
          </dl>
          {secret.qr !== undefined && (
            <Suspense fallback={<div className="mt-4 size-[180px]" />}>
              <PhoneQr text={secret.qr} label={t("admin.qr")} />
            </Suspense>
          )}
          <Dialog.Close className="btn btn-primary mt-5">{t("common.close")}</Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
