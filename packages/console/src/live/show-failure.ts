import { showToast } from "../ui/toaster.tsx";
import { currentWords } from "../words/use-words.ts";
import { failureWords } from "./failure-words.ts";

/** Says at the edge of the page why something did not work and what to do. */
export function showFailure(error: unknown): void {
  showToast({ kind: "error", text: failureWords(error, currentWords()) });
}
