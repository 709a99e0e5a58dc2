import { lazy, Suspense } from "react";
import { copyText } from "../ui/copy-text.ts";
import { Icon } from "../ui/icons.tsx";
import { Modal } from "../ui/modal.tsx";
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
    <Modal data-secret title={secret.title} description={t("admin.secretText")} isOpen onClose={onClose}>
      <dl className="grid grid-cols-[max-content_1fr_auto] items-center gap-x-4 gap-y-2">
        {secret.rows.map(({ label, value }) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd className="font-mono text-[13px] break-all">{value}</dd>
            <button
              type="button"
              className="btn btn-ghost btn-icon btn-sm"
              aria-label={`${t("common.copy")}: ${label}`}
              onClick={() => void copyText(value)}
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
    </Modal>
  );
}
