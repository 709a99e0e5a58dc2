import type { ReactNode } from "react";
import { playTestTone } from "../ring/ring-tone.ts";
import { useMe } from "../session/me.ts";
import { Choice } from "../ui/choice.tsx";
import { PageView } from "../ui/page.tsx";
import { useStore } from "../ui/store.ts";
import { showToast } from "../ui/toaster.tsx";
import { useWords } from "../words/use-words.ts";
import { languages } from "../words/words.ts";
import { ForwardingForm } from "./forwarding-form.tsx";
import { MarkLegend } from "./mark-legend.tsx";
import { densities, preferences, setPreferences, themes } from "./preferences.ts";

/** Own choices, kept in this browser; forwarding is the extension's. */
export function SettingsPage() {
  const t = useWords();
  const me = useMe();
  const chosen = useStore(preferences);
  const isBadPop = chosen.screenPop !== "" && !chosen.screenPop.startsWith("https://");
  return (
    <PageView title={t("settings.title")}>
      <div className="panel divide-y divide-line">
        <Row label={t("settings.language")}>
          <Choice
            label={t("settings.language")}
            value={chosen.language}
            options={[
              { value: "en", label: "English" },
              { value: "de", label: "Deutsch" },
            ]}
            onChange={(value) => setPreferences({ language: languages.find((each) => each === value) ?? "en" })}
          />
        </Row>
        <Row label={t("settings.theme")}>
          <Choice
            label={t("settings.theme")}
            value={chosen.theme}
            options={themes.map((theme) => ({ value: theme, label: t(`settings.theme.${theme}`) }))}
            onChange={(value) => setPreferences({ theme: themes.find((each) => each === value) ?? "system" })}
          />
        </Row>
        <Row label={t("density.label")}>
          <Choice
            label={t("density.label")}
            value={chosen.density}
            options={densities.map((each) => ({ value: each, label: t(`density.${each}`) }))}
            onChange={(value) => setPreferences({ density: densities.find((each) => each === value) ?? "normal" })}
          />
        </Row>
        <Row label={t("settings.enter")}>
          <Choice
            label={t("settings.enter")}
            value={chosen.enterDoes}
            options={[
              { value: "consult", label: t("settings.enter.consult") },
              { value: "blind", label: t("settings.enter.blind") },
            ]}
            onChange={(value) => setPreferences({ enterDoes: value === "blind" ? "blind" : "consult" })}
          />
        </Row>
        <Switch label={t("settings.autoAnswer")} name="autoAnswer" />
        <Switch label={t("settings.singleKeys")} name="singleKeys" />
        <Row label={t("settings.notify")} hint={t("settings.notifyText")}>
          <input
            type="checkbox"
            className="size-5 accent-[var(--accent)]"
            aria-label={t("settings.notify")}
            checked={chosen.notify}
            onChange={({ currentTarget }) => void allowNotifications(currentTarget.checked, t("settings.notifyDenied"))}
          />
        </Row>
        <Row label={t("settings.sound")}>
          <button type="button" className="btn" onClick={playTestTone}>
            {t("settings.soundTest")}
          </button>
          <input
            type="checkbox"
            className="size-5 accent-[var(--accent)]"
            aria-label={t("settings.sound")}
            checked={chosen.sound}
            onChange={({ currentTarget }) => setPreferences({ sound: currentTarget.checked })}
          />
        </Row>
        <Row label={t("settings.screenPop")} hint={isBadPop ? t("settings.screenPopBad") : undefined}>
          <input
            className="field w-72 max-w-full"
            type="url"
            placeholder="https://crm.example.com/search?q={number}"
            aria-label={t("settings.screenPop")}
            aria-invalid={isBadPop}
            value={chosen.screenPop}
            onChange={({ currentTarget }) => setPreferences({ screenPop: currentTarget.value })}
          />
        </Row>
      </div>
      <p className="text-xs text-muted">{t("settings.saved")}</p>
      {me.number !== undefined && <ForwardingForm number={me.number} />}
      <MarkLegend />
    </PageView>
  );
}

export function Row({
  label,
  hint,
  children,
}: {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <div className="flex flex-wrap items-center gap-3 px-4 py-3">
      <div className="mr-auto min-w-48 flex-1">
        <p className="font-medium">{label}</p>
        {hint !== undefined && <p className="text-xs text-muted">{hint}</p>}
      </div>
      {children}
    </div>
  );
}

function Switch({ label, name }: { readonly label: string; readonly name: "autoAnswer" | "singleKeys" }) {
  const isOn = useStore(preferences, (all) => all[name]);
  return (
    <Row label={label}>
      <input
        type="checkbox"
        className="size-5 accent-[var(--accent)]"
        aria-label={label}
        checked={isOn}
        onChange={({ currentTarget }) => setPreferences({ [name]: currentTarget.checked })}
      />
    </Row>
  );
}

/** Asked only after a click ([U28]). */
async function allowNotifications(isWanted: boolean, refused: string): Promise<void> {
  const permission = isWanted && "Notification" in globalThis ? await Notification.requestPermission() : "denied";
  if (isWanted && permission !== "granted") showToast({ kind: "error", text: refused });
  setPreferences({ notify: isWanted && permission === "granted" });
}
