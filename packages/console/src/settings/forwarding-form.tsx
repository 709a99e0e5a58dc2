import { useCallback } from "react";
import { NumberField } from "../dial/number-field.tsx";
import { useNameOf } from "../live/directory.tsx";
import { useSelector } from "@pbx-x/client/react";
import { useRun } from "../live/use-run.ts";
import { useWords } from "../words/use-words.ts";

/** Where all calls of the own extension go; picking somebody switches it on. */
export function ForwardingForm({ number }: { readonly number: string }) {
  const t = useWords();
  const run = useRun();
  const nameOf = useNameOf();
  const extension = useSelector(useCallback((read) => read("extensions").get(number), [number]));
  const destination = extension?.forwardUnconditionalDestination ?? undefined;
  const isOn = extension?.forwardUnconditionalEnabled === true;
  return (
    <section id="forwarding" aria-label={t("user.forwarding")} className="panel flex flex-col gap-3 p-4">
      <h2>{t("user.forwarding")}</h2>
      {isOn && (
        <p className="flex flex-wrap items-center gap-3">
          {t("user.forwardedTo", {
            number: nameOf(destination === undefined ? undefined : { number: destination }) ?? "",
          })}
          <button
            type="button"
            className="btn"
            onClick={() => void run("setForwarding", { forwardUnconditionalEnabled: false }, "me")}
          >
            {t("user.forwardOff")}
          </button>
        </p>
      )}
      <div className="max-w-md">
        <NumberField
          autoFocus={location.hash === "#forwarding"}
          label={t("user.forwardTo")}
          onPick={(choice) =>
            void run(
              "setForwarding",
              { forwardUnconditionalEnabled: true, forwardUnconditionalDestination: choice.number },
              "me",
            )
          }
        />
      </div>
    </section>
  );
}
