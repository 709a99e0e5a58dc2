import { currentWords } from "../words/use-words.ts";
import { showToast } from "./toaster.tsx";

/** Into the clipboard; browsers have none for pages that came over plain HTTP, which is said. */
export async function copyText(text: string): Promise<void> {
  const t = currentWords();
  try {
    await navigator.clipboard.writeText(text);
    showToast({ kind: "info", text: t("common.copied"), stays: 1500 });
  } catch {
    showToast({ kind: "error", text: t("common.notCopied") });
  }
}
