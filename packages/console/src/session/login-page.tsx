import { type FormEvent, useEffect, useState } from "react";
import { ApiError } from "../rest/api-error.ts";
import { setPreferences } from "../settings/preferences.ts";
import { useLanguage, useWords } from "../words/use-words.ts";
import { useStore } from "../ui/store.ts";
import { logIn } from "./auth.ts";
import { wasLoginEnded } from "./login-store.ts";
import { textOf } from "../rest/text-of.ts";

/** E-mail and password; says how long to wait after too many tries. */
export function LoginPage() {
  const t = useWords();
  const language = useLanguage();
  const [error, setError] = useState<ApiError | undefined>();
  const [isBusy, setBusy] = useState(false);
  const seconds = useSecondsLeft(error);
  const wasEnded = useStore(wasLoginEnded);
  const isBlocked = isBusy || seconds > 0;

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (isBlocked) return;
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(undefined);
    try {
      await logIn(textOf(form.get("email")), textOf(form.get("password")));
    } catch (caught) {
      setError(caught instanceof ApiError ? caught : new ApiError(0, String(caught)));
    } finally {
      setBusy(false);
    }
  };

  const message =
    error === undefined
      ? undefined
      : error.status === 429
        ? t("login.wait", { seconds })
        : error.status === 401 || error.status === 400
          ? t("login.wrong")
          : error.status === 0
            ? t("login.unreachable")
            : error.message;
  return (
    <main className="flex min-h-full items-center justify-center bg-raised p-4">
      <form className="panel flex w-full max-w-[380px] flex-col gap-4 p-8" onSubmit={(event) => void submit(event)}>
        <div className="flex items-center gap-3">
          <img src="/icon.svg" alt="" width="32" height="32" />
          <h1>PBX-X</h1>
          <button
            type="button"
            className="btn btn-ghost btn-sm ml-auto"
            lang={language === "de" ? "en" : "de"}
            onClick={() => setPreferences({ language: language === "de" ? "en" : "de" })}
          >
            {language === "de" ? "English" : "Deutsch"}
          </button>
        </div>
        {wasEnded && (
          <p role="status" className="text-sm text-amber">
            {t("login.ended")}
          </p>
        )}
        <label className="flex flex-col gap-1 text-sm font-medium">
          {t("login.email")}
          <input className="field font-normal" name="email" type="email" autoComplete="username" required autoFocus />
        </label>
        <label className="flex flex-col gap-1 text-sm font-medium">
          {t("login.password")}
          <input
            className="field font-normal"
            name="password"
            type="password"
            autoComplete="current-password"
            required
          />
        </label>
        <p role="alert" className={`text-sm text-danger ${message === undefined ? "sr-only" : ""}`}>
          {message}
        </p>
        <button type="submit" className="btn btn-primary min-h-9" aria-disabled={isBlocked}>
          {t("login.submit")}
        </button>
        <p className="text-xs text-muted">{t("login.first")}</p>
      </form>
    </main>
  );
}

function useSecondsLeft(error: ApiError | undefined): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (error?.status !== 429) {
      setLeft(0);
      return undefined;
    }
    setLeft(error.retryAfterSeconds ?? 60);
    const timer = setInterval(() => setLeft((before) => Math.max(0, before - 1)), 1000);
    return () => clearInterval(timer);
  }, [error]);
  return left;
}
