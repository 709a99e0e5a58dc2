import { eventTable, eventTypes } from "@pbx-x/protocol/runtime";
import { showFailure } from "../live/show-failure.ts";
import { api } from "../rest/api.ts";
import { textOf } from "../rest/text-of.ts";
import { webhookMark } from "../ui/marks.ts";
import { StateMark } from "../ui/state-mark.tsx";
import { useWords } from "../words/use-words.ts";
import { ResourcePage } from "./resource-page.tsx";
import { literalOptions } from "./use-options.ts";
import { type Webhook, webhookKey, webhookState } from "./webhook.ts";
import { WebhookDeliveries } from "./webhook-deliveries.tsx";

const kept = eventTypes.filter((type) => !eventTable[type].isEphemeral);
const channels = [
  "calls",
  "extensions",
  "presence",
  "queues",
  "agents",
  "parking",
  "voicemail",
  "conferences",
  "trunks",
];

/** Who is told of events by HTTP ([R40]): pausing, trying out, and what could not be delivered. */
export function WebhooksPage() {
  const t = useWords();
  return (
    <ResourcePage
      path="/webhooks"
      title={t("admin.webhooks")}
      empty="admin.empty.webhooks"
      nameOf={({ name }) => textOf(name)}
      loses="admin.loses.webhook"
      secretOf={(answer) => {
        const { name, secret } = answer;
        return typeof secret === "string" ? webhookKey(t, textOf(name), secret) : undefined;
      }}
      // The answers' shape is the interface's contract.
      cells={{ state: (thing) => <StateCell webhook={thing as unknown as Webhook} /> }}
      actions={(thing, reload) => {
        const webhook = thing as unknown as Webhook;
        return (
          <>
            <PauseButton webhook={webhook} onDone={reload} />
            <WebhookDeliveries webhook={webhook} onChanged={reload} />
          </>
        );
      }}
      fields={[
        { name: "name", word: "field.name", kind: "text", isRequired: true, isColumn: true },
        { name: "url", word: "field.url", kind: "text", isRequired: true, isColumn: true },
        { name: "state", word: "field.state", kind: "text", isListOnly: true, isColumn: true },
        { name: "eventTypes", word: "field.eventTypes", kind: "many", options: literalOptions(kept) },
        { name: "channels", word: "field.channels", kind: "many", options: literalOptions(channels) },
      ]}
    />
  );
}

function StateCell({ webhook }: { readonly webhook: Webhook }) {
  const state = webhookState(webhook);
  return (
    <span data-webhook-state={state} title={webhook.switchedOff?.message ?? webhook.delivery.lastFailure?.reason}>
      <StateMark mark={webhookMark(state)} />
    </span>
  );
}

/** What happens meanwhile waits and is delivered once it goes on. */
function PauseButton({ webhook, onDone }: { readonly webhook: Webhook; readonly onDone: () => void }) {
  const t = useWords();
  const { id, name, isActive } = webhook;
  const label = t(isActive ? "webhook.pause" : "webhook.resume");
  return (
    <button
      type="button"
      className="btn btn-sm"
      aria-label={`${label}: ${name}`}
      onClick={() => {
        api(`/webhooks/${id}`, { method: "PATCH", body: { isActive: !isActive } }).then(onDone, showFailure);
      }}
    >
      {label}
    </button>
  );
}
