import type { AnyEvent, CommandName } from "@pbx-x/protocol/runtime";
import { usePbx } from "@pbx-x/client/react";
import { useMemo, useState } from "react";
import { failureWords } from "../live/failure-words.ts";
import { noteCommand } from "../live/sent-commands.ts";
import { useApi } from "../rest/use-api.ts";
import { ask } from "../ui/ask.tsx";
import { Choice } from "../ui/choice.tsx";
import { Icon } from "../ui/icons.tsx";
import { Modal } from "../ui/modal.tsx";
import { useWords } from "../words/use-words.ts";
import { CommandGroup } from "./command-group.tsx";
import { findExamples } from "./find-examples.ts";

/** Sends nothing to a call or a log-in by itself, so it is not asked about. */
const harmless: ReadonlySet<string> = new Set([
  "ping",
  "listChannels",
  "subscribe",
  "unsubscribe",
  "subscribePresence",
  "unsubscribePresence",
]);
/** Would show a token, or end the session. */
const hidden: ReadonlySet<string> = new Set(["refreshToken"]);

/** Any command of the interface with its example filled in; what acts on calls is asked about first. */
export function CommandSender({ events }: { readonly events: readonly AnyEvent[] }) {
  const t = useWords();
  const client = usePbx();
  const [isOpen, setOpen] = useState(false);
  const { data } = useApi<unknown>(isOpen ? "/asyncapi.json" : undefined);
  const examples = useMemo(() => findExamples(data), [data]);
  const [command, setCommand] = useState("listChannels");
  const [text, setText] = useState("{}");
  const [answer, setAnswer] = useState("");
  const [sentId, setSentId] = useState<string | undefined>();
  const choose = (name: string): void => {
    setCommand(name);
    setText(JSON.stringify(examples.get(name) ?? {}, undefined, 2));
    setAnswer("");
    setSentId(undefined);
  };
  const send = async (params: object): Promise<void> => {
    // The names come from the server's own document, and it checks the parameters.
    const sent = noteCommand(command as CommandName, client.command(command as CommandName, params as never));
    setSentId(sent.commandId);
    const outcome = await sent.then(
      (data_) => JSON.stringify(data_, undefined, 2),
      (error: unknown) => `${failureWords(error, t)}\n${error instanceof Error ? error.message : ""}`,
    );
    setAnswer(outcome);
  };
  const submit = (): void => {
    const params = parse(text);
    if (params === undefined) setAnswer(t("events.badJson"));
    else if (harmless.has(command)) void send(params);
    else
      ask({
        title: command,
        text: t("events.askSend", { command }),
        confirm: t("events.sendIt"),
        run: () => void send(params),
      });
  };
  const names = [...examples.keys()].filter((name) => !hidden.has(name)).toSorted();
  return (
    <>
      <button type="button" aria-haspopup="dialog" className="btn" onClick={() => setOpen(true)}>
        <Icon name="external" />
        {t("events.send")}
      </button>
      <Modal title={t("events.send")} width="wide" place="top" isOpen={isOpen} onClose={() => setOpen(false)}>
        <div className="flex flex-col gap-3">
          <Choice
            label={t("events.command")}
            value={command}
            options={(names.length === 0 ? [command] : names).map((value) => ({ value, label: value }))}
            onChange={choose}
          />
          <textarea
            className="field h-48 font-mono !text-xs"
            aria-label={t("events.params")}
            spellCheck={false}
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
          />
          <button type="button" className="btn btn-primary self-start" onClick={submit}>
            {t("events.sendIt")}
          </button>
          {sentId !== undefined && <CommandGroup commandId={sentId} events={events} />}
          {answer !== "" && (
            <pre role="status" className="overflow-auto rounded-sm bg-raised p-3 font-mono text-xs">
              {answer}
            </pre>
          )}
        </div>
      </Modal>
    </>
  );
}

function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
