import { useTrunks } from "@pbx-x/client/react";
import { useLiveChannels } from "../live/use-live-channels.ts";
import { trunkStatuses } from "@pbx-x/protocol/runtime";
import { useState } from "react";
import { showFailure } from "../live/show-failure.ts";
import { api } from "../rest/api.ts";
import { Icon } from "../ui/icons.tsx";
import { trunkMark } from "../ui/marks.ts";
import { Spinner } from "../ui/spinner.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import { Modal } from "../ui/modal.tsx";
import { useWords } from "../words/use-words.ts";
import type { Values } from "./field.ts";
import { ResourcePage } from "./resource-page.tsx";
import { literalOptions, wordOptions } from "./use-options.ts";

interface TestResult {
  readonly ok: boolean;
  readonly steps: readonly {
    readonly step: "resolve" | "options" | "register";
    readonly ok: boolean;
    readonly detail: string;
    readonly durationMs: number;
  }[];
}

export function TrunksPage() {
  const t = useWords();
  useLiveChannels(["trunks"]);
  return (
    <ResourcePage
      path="/trunks"
      title={t("admin.trunks")}
      empty="admin.empty.trunks"
      nameOf={({ name }) => String(name)}
      loses="admin.loses.trunk"
      actions={({ id, name }) => <TestButton id={String(id)} name={String(name)} />}
      cells={{ status: (trunk) => <TrunkStatusCell trunk={trunk} /> }}
      fields={[
        { name: "name", word: "field.name", kind: "text", isRequired: true, isColumn: true },
        {
          name: "trunkType",
          word: "field.trunkType",
          kind: "choice",
          isRequired: true,
          isColumn: true,
          begins: "register",
          options: wordOptions(t, "trunkType", ["register", "ip_auth", "static"]),
        },
        { name: "host", word: "field.host", kind: "text", isRequired: true, isColumn: true },
        { name: "port", word: "field.port", kind: "number" },
        {
          name: "transport",
          word: "field.transport",
          kind: "choice",
          isRequired: true,
          begins: "udp",
          options: literalOptions(["udp", "tcp", "tls"]),
        },
        { name: "username", word: "field.username", kind: "text" },
        { name: "password", word: "field.password", kind: "secret" },
        { name: "mainNumber", word: "field.mainNumber", kind: "text" },
        { name: "isEnabled", word: "field.isEnabled", kind: "switch", isColumn: true, begins: true },
        { name: "status", word: "field.status", kind: "text", isListOnly: true, isColumn: true },
      ]}
    />
  );
}

/** As the last event told it; as the list had it where none came yet. */
function TrunkStatusCell({ trunk }: { readonly trunk: Values }) {
  const live = useTrunks().find(({ trunkId }) => trunkId === trunk["id"]);
  const status = trunkStatuses.find((each) => each === (live?.status ?? trunk["status"]));
  return status === undefined ? (
    "—"
  ) : (
    <span title={live?.errorMessage}>
      <StateMark mark={trunkMark(status)} />
    </span>
  );
}

/** Tries a trunk out, step by step. */
function TestButton({ id, name }: { readonly id: string; readonly name: string }) {
  const t = useWords();
  const [isBusy, setBusy] = useState(false);
  const [result, setResult] = useState<TestResult | undefined>();
  const test = (): void => {
    if (isBusy) return;
    setBusy(true);
    api<TestResult>(`/trunks/${id}/test`, { method: "POST" })
      .then(setResult, showFailure)
      .finally(() => setBusy(false));
  };
  return (
    <>
      <button
        type="button"
        className="btn btn-sm"
        aria-label={`${t("admin.test")}: ${name}`}
        aria-disabled={isBusy}
        onClick={test}
      >
        {isBusy ? <Spinner /> : t("admin.test")}
      </button>
      <Modal
        title={name}
        description={t(result?.ok === true ? "admin.testOk" : "admin.testBad")}
        descriptionClass={`font-medium ${result?.ok === true ? "text-ok" : "text-danger"}`}
        isOpen={result !== undefined}
        onClose={() => setResult(undefined)}
      >
        <ol className="flex flex-col gap-3">
          {result?.steps.map(({ step, ok, detail, durationMs }) => (
            <li key={step} className="flex gap-3">
              <Icon name={ok ? "check" : "cross"} className={ok ? "text-ok" : "text-danger"} />
              <span className="min-w-0 flex-1">
                <span className="block font-medium">{t(`admin.step.${step}`)}</span>
                <span className="block text-sm break-words text-muted">{detail}</span>
              </span>
              <span className="num text-xs text-muted">{durationMs} ms</span>
            </li>
          ))}
        </ol>
      </Modal>
    </>
  );
}
