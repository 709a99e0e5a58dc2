import { PbxError } from "@pbx-x/client";
import { ApiError } from "../rest/api-error.ts";
import type { T } from "../words/use-words.ts";
import { isWordKey } from "../words/words.ts";

/** Why a command did not work and what to do, in words. */
export function failureWords(error: unknown, t: T): string {
  if (error instanceof PbxError) {
    const reason = error.details?.["reason"];
    const byReason = [`error.${String(reason)}`, `refusal.${String(reason)}`].find(isWordKey);
    if (byReason !== undefined) return t(byReason);
    const byCode = `error.${error.code}`;
    if (isWordKey(byCode)) return t(byCode, { seconds: error.retryAfterSeconds ?? 1 });
  }
  if (error instanceof ApiError && error.status === 0) return t("login.unreachable");
  return t("error.other", { message: error instanceof Error ? error.message : String(error) });
}
