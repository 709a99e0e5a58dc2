import { stripVTControlCharacters, styleText } from "node:util";
import type { AnyEvent } from "@pbx-x/protocol/runtime";

type Style = Parameters<typeof styleText>[0];

const styles: readonly (readonly [RegExp, Style])[] = [
  [/^CALL_(CREATED|RINGING)/, "yellow"],
  [/^CALL_ANSWERED/, "green"],
  [/^CALL_ENDED/, "red"],
  [/FAILED|ALERT/, "magenta"],
  [/^CALL_/, "cyan"],
  [/^EXTENSION_|^PRESENCE_/, "blue"],
];

/** One line for a terminal: time, type, what it is about. */
export function showEvent(event: AnyEvent): string {
  const style = styles.find(([pattern]) => pattern.test(event.type))?.[1] ?? "dim";
  const time = new Date(event.timestamp).toLocaleTimeString("en-GB", { hour12: false });
  const seq = event.seq === undefined ? "" : `#${event.seq}`;
  const line = `${styleText("dim", time)} ${styleText("dim", seq.padStart(7))} ${styleText(style, event.type.padEnd(26))} ${clean(aboutOf(event))}`;
  return line.trimEnd();
}

/** Nothing that a phone puts into a name may steer the terminal. */
function clean(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\p{Cc}/gu, "");
}

function aboutOf(event: AnyEvent): string {
  switch (event.type) {
    case "CALL_CREATED":
    case "CALL_RINGING":
      return `${partyOf(event.data.caller)} → ${partyOf(event.data.callee)} ${idOf(event.data.callId)}`;
    case "CALL_ANSWERED":
      return `by ${partyOf(event.data.answeredBy)} ${idOf(event.data.callId)}`;
    case "CALL_ENDED":
      return `${event.data.hangupCause}, ${event.data.durationSeconds} s, by ${event.data.hangupBy} ${idOf(event.data.callId)}`;
    case "EXTENSION_REGISTERED":
      return `${event.data.number} at ${event.data.contactUri} (${event.data.userAgent})`;
    case "EXTENSION_UNREGISTERED":
      return `${event.data.number}: ${event.data.reason}`;
    case "SYSTEM_ALERT":
      return event.data.message;
    default:
      return "data" in event && event.data !== undefined ? briefly(event.data) : "";
  }
}

function partyOf(party: { readonly number: string; readonly name?: string } | undefined): string {
  if (party === undefined) return "?";
  return party.name === undefined ? party.number : `${party.number} ${party.name}`;
}

function idOf(callId: string): string {
  return styleText("dim", `[${callId}]`);
}

function briefly(data: object): string {
  const parts = Object.entries(data).flatMap(([name, value]) =>
    typeof value === "object" ? [] : [`${name}=${String(value)}`],
  );
  return parts.join(" ").slice(0, 200);
}
