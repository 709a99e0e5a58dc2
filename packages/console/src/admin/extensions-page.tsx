import { useLiveChannels } from "../live/use-live-channels.ts";
import { useApi } from "../rest/use-api.ts";
import { useWords } from "../words/use-words.ts";
import { PhoneButton } from "./phone-button.tsx";
import { phoneSecret, type SipPorts } from "./phone-settings.ts";
import { ResourcePage } from "./resource-page.tsx";
import { useOptions, wordOptions } from "./use-options.ts";

export interface Status {
  readonly healthy: boolean;
  readonly version: string;
  readonly details?: {
    readonly engine: string;
    readonly sip: SipPorts & { readonly host: string };
    readonly startedAt: string;
    readonly epoch: string;
    readonly seq: number;
  };
}

export function ExtensionsPage() {
  const t = useWords();
  useLiveChannels(["extensions"]);
  const users = useOptions("/users", "displayName");
  const { data: status } = useApi<Status>("/system/status");
  const ports = status?.details?.sip ?? {};
  return (
    <ResourcePage
      path="/extensions"
      title={t("admin.extensions")}
      empty="admin.empty.extensions"
      nameOf={({ number, displayName }) => `${String(number)} ${String(displayName)}`}
      loses="admin.loses.extension"
      secretOf={({ number, sipPassword }) =>
        typeof sipPassword === "string"
          ? phoneSecret(t, { number: String(number), password: sipPassword, host: location.hostname, ports })
          : undefined
      }
      actions={({ id, number, displayName }) => (
        <PhoneButton id={String(id)} number={String(number)} name={String(displayName)} ports={ports} />
      )}
      fields={[
        { name: "number", word: "field.number", kind: "text", isRequired: true, isFixed: true, isColumn: true },
        { name: "displayName", word: "field.displayName", kind: "text", isRequired: true, isColumn: true },
        { name: "userId", word: "field.userId", kind: "choice", isColumn: true, options: users },
        { name: "department", word: "field.department", kind: "text", isColumn: true },
        { name: "maxConcurrentCalls", word: "field.maxConcurrentCalls", kind: "number", isRequired: true, begins: 2 },
        {
          name: "callRecordingPolicy",
          word: "field.callRecordingPolicy",
          kind: "choice",
          isRequired: true,
          begins: "off",
          options: wordOptions(t, "recording", ["off", "on_demand", "always"]),
        },
        { name: "voicemailEnabled", word: "field.voicemailEnabled", kind: "switch", begins: true },
        { name: "canRecordCalls", word: "field.canRecordCalls", kind: "switch" },
      ]}
    />
  );
}
