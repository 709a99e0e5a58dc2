import type { CommandName } from "@pbx-x/protocol/runtime";
import { usePbx } from "@pbx-x/client/react";
import { Dialog } from "radix-ui";
import { useMemo, useState } from "react";
import { failureWords } from "../live/failure-words.ts";
import { useApi } from "../rest/use-api.ts";
import { ask } from "../ui/ask.tsx";
import { Choice } from "../ui/choice.tsx";
import { Icon } from "../ui/icons.tsx";
import { useWords } from "../words/use-words.ts";
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
export function CommandSender() {
  const t = useWords();
  const client = usePbx();
  const [isOpen, setOpen] = useState(false);
  const { data } = useApi<unknown>(isOpen ? "/asyncapi.json" : undefined);
  const examples = useMemo(() => findExamples(data), [data]);
  const [command, setCommand] = useState("listChannels");
  const [text, setText] = useState("{}");
  const [answer, setAnswer] = useState("");
  const choose = (name: string): void => {
    setCommand(name);
    setText(JSON.stringify(examples.get(name) ?? {}, undefined, 2));
    setAnswer("");
  };
  const send = async (params: object): Promise<void> => {
    const began = performance.now();
    // The names come from the server's own document, and it checks the parameters.
    const outcome = await client.command(command as CommandName, params as never).then(
      (data_) => JSON.stringify(data_, undefined, 2),
      (error: unknown) => `${failureWords(error, t)}\n${error instanceof Error ? error.message : ""}`,
    );
    setAnswer(`${t("events.answer", { ms: Math.round(performance.now() - began) })}\n${outcome}`);
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
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger className="btn">
        <Icon name="external" />
        {t("events.send")}
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/30" />
        <Dialog.Content
          aria-describedby={undefined}
          className="layer fixed top-[10vh] left-1/2 z-40 flex max-h-[80vh] w-[min(620px,calc(100vw-32px))] -translate-x-1/2 flex-col gap-3 overflow-auto p-5"
        >
          <Dialog.Title className="text-lg font-semibold text-text">{t("events.send")}</Dialog.Title>
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
          <div className="flex gap-2">
            <button type="button" className="btn btn-primary" onClick={submit}>
              {t("events.sendIt")}
            </button>
            <Dialog.Close className="btn">{t("common.close")}</Dialog.Close>
          </div>
          {answer !== "" && (
            <pre role="status" className="overflow-auto rounded-sm bg-raised p-3 font-mono text-xs">
              {answer}
            </pre>
          )}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
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
