import { roles } from "@pbx-x/protocol/runtime";
import { useWords } from "../words/use-words.ts";
import { MembersButton } from "./members-button.tsx";
import { ResourcePage } from "./resource-page.tsx";
import { useOptions, wordOptions } from "./use-options.ts";
import { textOf } from "../rest/text-of.ts";

const named = (field: string) => (thing: Readonly<Record<string, unknown>>) => textOf(thing[field]);
const grantable = ["calls.view.all", "calls.record", "calls.outside.international", "calls.outside.premium"];

export function UsersPage() {
  const t = useWords();
  return (
    <ResourcePage
      path="/users"
      title={t("admin.users")}
      empty="admin.empty.users"
      nameOf={named("displayName")}
      loses="admin.loses.user"
      secretOf={({ email, password }) =>
        typeof password === "string"
          ? {
              title: t("admin.secretTitle"),
              rows: [
                { label: t("field.email"), value: String(email) },
                { label: t("field.password"), value: password },
              ],
            }
          : undefined
      }
      fields={[
        { name: "displayName", word: "field.displayName", kind: "text", isRequired: true, isColumn: true },
        { name: "email", word: "field.email", kind: "text", isRequired: true, isColumn: true },
        {
          name: "role",
          word: "field.role",
          kind: "choice",
          isRequired: true,
          isColumn: true,
          begins: "user",
          options: wordOptions(t, "role", roles),
        },
        { name: "password", word: "field.password", kind: "secret" },
        { name: "isActive", word: "field.isActive", kind: "switch", isColumn: true, begins: true },
        {
          name: "grantedPermissions",
          word: "field.grantedPermissions",
          kind: "many",
          options: wordOptions(t, "right", grantable),
        },
      ]}
    />
  );
}

export function InboundRules() {
  const t = useWords();
  const trunks = useOptions("/trunks", "name");
  return (
    <ResourcePage
      path="/rules/inbound"
      title={t("admin.inbound")}
      empty="admin.empty.inbound"
      nameOf={named("name")}
      loses="admin.loses.inbound"
      fields={[
        { name: "priority", word: "field.priority", kind: "number", isRequired: true, isColumn: true, begins: 10 },
        { name: "name", word: "field.name", kind: "text", isRequired: true, isColumn: true },
        { name: "trunkId", word: "admin.trunks", kind: "choice", isColumn: true, options: trunks },
        { name: "didPattern", word: "field.didPattern", kind: "text", isRequired: true, isColumn: true },
        {
          name: "destination",
          word: "field.destination",
          kind: "destination",
          isRequired: true,
          isColumn: true,
          begins: { kind: "extension" },
        },
        { name: "isEnabled", word: "field.isEnabled", kind: "switch", isColumn: true, begins: true },
      ]}
    />
  );
}

export function OutboundRules() {
  const t = useWords();
  const trunks = useOptions("/trunks", "name");
  return (
    <ResourcePage
      path="/rules/outbound"
      title={t("admin.outbound")}
      empty="admin.empty.outbound"
      nameOf={named("name")}
      loses="admin.loses.outbound"
      fields={[
        { name: "priority", word: "field.priority", kind: "number", isRequired: true, isColumn: true, begins: 10 },
        { name: "name", word: "field.name", kind: "text", isRequired: true, isColumn: true },
        { name: "pattern", word: "field.pattern", kind: "text", isRequired: true, isColumn: true },
        { name: "strip", word: "field.strip", kind: "number", begins: 0 },
        { name: "prepend", word: "field.prepend", kind: "text" },
        { name: "trunkIds", word: "field.trunkIds", kind: "many", isColumn: true, options: trunks },
        { name: "isEnabled", word: "field.isEnabled", kind: "switch", isColumn: true, begins: true },
      ]}
    />
  );
}

export function QueueSettings() {
  const t = useWords();
  return (
    <ResourcePage
      path="/queues"
      title={t("admin.queues")}
      empty="admin.empty.queues"
      nameOf={named("name")}
      loses="admin.loses.queue"
      actions={(queue, reload) => (
        <MembersButton queueId={String(queue["id"])} name={String(queue["name"])} onSaved={reload} />
      )}
      fields={[
        { name: "extensionNumber", word: "field.extensionNumber", kind: "text", isRequired: true, isColumn: true },
        { name: "name", word: "field.name", kind: "text", isRequired: true, isColumn: true },
        {
          name: "strategy",
          word: "field.strategy",
          kind: "choice",
          isRequired: true,
          isColumn: true,
          begins: "longest_idle",
          options: wordOptions(t, "strategy", [
            "ring_all",
            "longest_idle",
            "least_talk_time",
            "round_robin",
            "random",
            "skills",
          ]),
        },
        { name: "ringTimeoutSeconds", word: "field.ringTimeoutSeconds", kind: "number", begins: 20 },
        { name: "wrapUpTimeSeconds", word: "field.wrapUpTimeSeconds", kind: "number", isColumn: true, begins: 30 },
        { name: "maxWaitTimeSeconds", word: "field.maxWaitTimeSeconds", kind: "number", begins: 600 },
        { name: "maxQueueSize", word: "field.maxQueueSize", kind: "number", begins: 50 },
        {
          name: "serviceLevelThresholdSeconds",
          word: "field.serviceLevelThresholdSeconds",
          kind: "number",
          begins: 20,
        },
        { name: "serviceLevelGoalPercent", word: "field.serviceLevelGoalPercent", kind: "number", begins: 80 },
        { name: "callbackEnabled", word: "field.callbackEnabled", kind: "switch" },
      ]}
    />
  );
}

export function ConferenceSettings() {
  const t = useWords();
  return (
    <ResourcePage
      path="/conferences"
      title={t("admin.conferences")}
      empty="admin.empty.conferences"
      nameOf={named("name")}
      loses="admin.loses.conference"
      fields={[
        { name: "number", word: "field.number", kind: "text", isRequired: true, isColumn: true },
        { name: "name", word: "field.name", kind: "text", isRequired: true, isColumn: true },
        { name: "pin", word: "field.pin", kind: "secret" },
        { name: "moderatorPin", word: "field.moderatorPin", kind: "secret" },
        { name: "maxParticipants", word: "field.maxParticipants", kind: "number", isColumn: true, begins: 20 },
        { name: "endsWithoutModerator", word: "field.endsWithoutModerator", kind: "switch" },
      ]}
    />
  );
}
