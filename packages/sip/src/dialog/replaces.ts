import { parseParams } from "../message/text.ts";
import type { DialogId } from "./dialog.ts";

/** The dialog that is to be replaced (RFC 3891 §6.1); tags from the point of view of the one who receives it. */
export interface Replaces {
  readonly dialog: DialogId;
  /** Only while it has not been answered. */
  readonly earlyOnly: boolean;
}

/** Undefined when malformed: each tag exactly once (RFC 3891 §6.1). */
export function parseReplaces(text: string): Replaces | undefined {
  const [callId = "", ...rest] = text.split(";");
  const params = parseParams(rest.join(";"));
  const [localTag, remoteTag] = [params?.get("to-tag"), params?.get("from-tag")];
  if (callId.trim() === "" || typeof localTag !== "string" || typeof remoteTag !== "string") return undefined;
  const isRepeated = ["to-tag", "from-tag"].some((name) => text.toLowerCase().split(`${name}=`).length > 2);
  if (isRepeated) return undefined;
  return { dialog: { callId: callId.trim(), localTag, remoteTag }, earlyOnly: params?.has("early-only") === true };
}

export function printReplaces({ dialog, earlyOnly }: Replaces): string {
  const tags = `to-tag=${dialog.localTag};from-tag=${dialog.remoteTag}`;
  return `${dialog.callId};${tags}${earlyOnly ? ";early-only" : ""}`;
}
