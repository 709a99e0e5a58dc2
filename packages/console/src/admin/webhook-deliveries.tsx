import { useEffect, useState } from "react";
import { showFailure } from "../live/show-failure.ts";
import { formatWhen } from "../live/format-time.ts";
import { serverNow } from "../live/server-clock.ts";
import { api, type Page } from "../rest/api.ts";
import { useApi } from "../rest/use-api.ts";
import { ask } from "../ui/ask.tsx";
import { DeleteButton } from "../ui/delete-button.tsx";
import { Icon } from "../ui/icons.tsx";
import { Modal } from "../ui/modal.tsx";
import { Pager } from "../ui/pager.tsx";
import { showToast } from "../ui/toaster.tsx";
import { useLanguage, useWords } from "../words/use-words.ts";
import { SecretDialog, type Secret } from "./secret-dialog.tsx";
import { type DeadLetter, type Try, tryWords, type Webhook, webhookKey } from "./webhook.ts";

interface WebhookDeliveriesProps {
  readonly webhook: Webhook;
  readonly onChanged: () => void;
}

/** How a webhook is served, and by hand: a test, a new key, leaving out what waits, sending again what was given up. */
export function WebhookDeliveries({ webhook, onChanged }: WebhookDeliveriesProps) {
  const t = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        className="btn btn-sm"
        aria-label={`${t("webhook.deliveries")}: ${webhook.name}`}
        onClick={() => setOpen(true)}
      >
        {t("webhook.deliveries")}
      </button>
      <Modal
        title={webhook.name}
        width="wide"
        isOpen={isOpen}
        onClose={() => {
          setOpen(false);
          onChanged();
        }}
      >
        <Deliveries listed={webhook} />
      </Modal>
    </>
  );
}

const lookAgainMs = 5000;

/** Deliveries go on while somebody looks. */
function useLookAgain(reload: () => void): void {
  useEffect(() => {
    const timer = setInterval(reload, lookAgainMs);
    return () => clearInterval(timer);
  }, [reload]);
}

function Deliveries({ listed }: { readonly listed: Webhook }) {
  const t = useWords();
  const path = `/webhooks/${listed.id}`;
  const [secret, setSecret] = useState<Secret | undefined>();
  const [result, setResult] = useState<Try | undefined>();
  const { data = listed, reload } = useApi<Webhook>(path);
  useLookAgain(reload);
  const post = <A,>(step: string, then: (answer: A) => void, body?: object): void => {
    api<A>(`${path}/${step}`, { method: "POST", ...(body !== undefined && { body }) }).then((answer) => {
      then(answer);
      reload();
    }, showFailure);
  };
  const { name, delivery, switchedOff } = data;
  return (
    <div className="flex flex-col gap-4">
      {switchedOff !== undefined && (
        <p className="flex items-center gap-2 rounded-sm border border-danger p-3 text-sm text-danger">
          <Icon name="critical" size={16} />
          {t("webhook.state.off")}: {switchedOff.message}
        </p>
      )}
      <DeliveryFacts delivery={delivery} />
      <div className="flex flex-wrap gap-2">
        <button type="button" className="btn btn-primary" onClick={() => post<Try>("test", setResult)}>
          {t("webhook.test")}
        </button>
        <button
          type="button"
          className="btn"
          onClick={() =>
            ask({
              title: t("webhook.newKey"),
              text: t("webhook.askNewKey", { name }),
              run: () =>
                post<{ readonly secret: string }>("secret", (answer) => setSecret(webhookKey(t, name, answer.secret)), {
                  overlapHours: 24,
                }),
            })
          }
        >
          {t("webhook.newKey")}
        </button>
        <button
          type="button"
          className="btn"
          onClick={() =>
            ask({
              title: t("webhook.skip"),
              text: t("webhook.askSkip", { name }),
              run: () => post("skip", () => undefined),
            })
          }
        >
          {t("webhook.skip")}
        </button>
      </div>
      {result !== undefined && (
        <p
          role="status"
          data-try={result.isDelivered}
          className={`flex items-center gap-2 text-sm font-medium ${result.isDelivered ? "text-ok" : "text-danger"}`}
        >
          <Icon name={result.isDelivered ? "check" : "cross"} size={16} />
          {tryWords(result, t)}
        </p>
      )}
      <DeadLetters path={path} />
      {secret !== undefined && <SecretDialog secret={secret} onClose={() => setSecret(undefined)} />}
    </div>
  );
}

function DeliveryFacts({ delivery }: Pick<Webhook, "delivery">) {
  const t = useWords();
  const language = useLanguage();
  const when = (at: string | undefined): string =>
    at === undefined ? t("webhook.never") : formatWhen(at, language, serverNow());
  const { behind, lastDeliveredAt, lastFailure, nextTryAt } = delivery;
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1 text-sm">
      <dt className="text-muted">{t("webhook.behind")}</dt>
      <dd className="num">{behind}</dd>
      <dt className="text-muted">{t("webhook.last")}</dt>
      <dd className="num">{when(lastDeliveredAt)}</dd>
      <dt className="text-muted">{t("webhook.lastFailure")}</dt>
      <dd className="break-words">
        {lastFailure === undefined ? when(undefined) : `${when(lastFailure.at)}, ${lastFailure.reason}`}
      </dd>
      {nextTryAt !== undefined && (
        <>
          <dt className="text-muted">{t("webhook.nextTry")}</dt>
          <dd className="num">{when(nextTryAt)}</dd>
        </>
      )}
    </dl>
  );
}

/** What was given up, the newest first; what is taken now is gone from here. */
function DeadLetters({ path }: { readonly path: string }) {
  const t = useWords();
  const language = useLanguage();
  const [page, setPage] = useState(1);
  const { data, reload } = useApi<Page<DeadLetter>>(`${path}/dead-letters?limit=10&page=${page}`);
  useLookAgain(reload);
  const resend = (id: string): void => {
    api<Try>(`${path}/dead-letters/${encodeURIComponent(id)}/resend`, { method: "POST" }).then((outcome) => {
      showToast({ kind: outcome.isDelivered ? "info" : "error", text: tryWords(outcome, t) });
      reload();
    }, showFailure);
  };
  const drop = ({ id, type, failedAt }: Pick<DeadLetter, "id" | "type" | "failedAt">): void =>
    ask({
      title: t("common.delete"),
      text: t("webhook.askDrop", { type, time: formatWhen(failedAt, language, serverNow()) }),
      run: () => {
        api(`${path}/dead-letters/${encodeURIComponent(id)}`, { method: "DELETE" }).then(reload, showFailure);
      },
    });
  const letters = data?.data ?? [];
  return (
    <section aria-label={t("webhook.letters")}>
      <h3 className="mb-2 text-sm font-semibold">{t("webhook.letters")}</h3>
      {data !== undefined && letters.length === 0 && <p className="text-sm text-muted">{t("webhook.noLetters")}</p>}
      <ul className="flex flex-col gap-2">
        {letters.map(({ id, type, failedAt, attempts, reason }) => (
          <li
            key={id}
            data-letter={id}
            className="flex flex-wrap items-center gap-2 rounded-sm border border-line p-2 text-sm"
          >
            <span className="min-w-0 flex-1">
              <span className="block truncate font-mono text-[13px]">{type}</span>
              <span className="block text-xs break-words text-muted">
                {formatWhen(failedAt, language, serverNow())}, {t("webhook.attempts", { count: attempts })}: {reason}
              </span>
            </span>
            <button
              type="button"
              className="btn btn-sm"
              aria-label={`${t("webhook.resend")}: ${type}`}
              onClick={() => resend(id)}
            >
              {t("webhook.resend")}
            </button>
            <DeleteButton what={type} onPress={() => drop({ id, type, failedAt })} />
          </li>
        ))}
      </ul>
      {data !== undefined && data.meta.totalPages > 1 && <Pager meta={data.meta} onPage={setPage} />}
    </section>
  );
}
