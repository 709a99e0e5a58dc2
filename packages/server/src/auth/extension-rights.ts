import type { Extension, ExtensionDirectory } from "../extensions/extension.ts";
import type { RevocableAuthenticator } from "./authenticator.ts";

/** What a user may rests also on the own extension: where that changes, the sessions are made anew ([W14], [W24]). */
export function renewOnExtensionChange(
  extensions: Pick<ExtensionDirectory, "onChanged">,
  authenticator: Pick<RevocableAuthenticator, "revoke">,
): () => void {
  return extensions.onChanged(({ before, after }) => {
    if (rightsOf(before) === rightsOf(after)) return;
    for (const userId of new Set([before?.userId, after?.userId])) {
      if (userId !== undefined) authenticator.revoke({ userId, kind: "renewed" });
    }
  });
}

function rightsOf(extension: Extension | undefined): string {
  if (extension?.userId === undefined) return "nobody";
  return `${extension.userId} ${extension.canRecordCalls} ${extension.callRecordingPolicy}`;
}
