import { spokenNumber } from "../announcements/announcement-library.ts";
import type { AnnouncementId } from "../announcements/announcement-texts.ts";
import { type GreetingMove, type GreetingSession, moveGreeting, openGreeting } from "./greeting-session.ts";
import type { VoiceMessage } from "./voice-message.ts";

/** A message as the menu knows it. */
export type MenuMessage = Pick<VoiceMessage, "id" | "isRead" | "isUrgent">;

/** What is said to the owner, piece by piece. */
export type MenuSound =
  | { readonly announcement: AnnouncementId }
  | { readonly messageId: string }
  | { readonly tone: "beep" }
  /** The one that callers hear now, or the one that was recorded and not kept yet. */
  | { readonly greeting: "current" | "draft" };

/** What an owner who called the own mailbox is at ([V34]). */
export interface MenuSession {
  readonly step: "pin" | "checking" | "loading" | "menu" | "greeting" | "closing" | "over";
  readonly digits: string;
  readonly wrongPins: number;
  readonly messages: readonly MenuMessage[];
  /** Which of them it is about. */
  readonly at: number;
  /** The menu was said twice already. */
  readonly isLastChance: boolean;
  /** At step `greeting`. */
  readonly greeting?: GreetingSession;
}

export type MenuInput =
  | { readonly kind: "key"; readonly digit: string }
  | { readonly kind: "pinChecked"; readonly isRight: boolean }
  | { readonly kind: "loaded"; readonly messages: readonly MenuMessage[] }
  /** A message has been played to its end. */
  | { readonly kind: "heard"; readonly messageId: string }
  /** All that was to be said has been said. */
  | { readonly kind: "spoken" }
  /** No key for a while. */
  | { readonly kind: "waited" }
  /** A greeting was recorded; it may be too short. */
  | { readonly kind: "recorded"; readonly isUsable: boolean }
  | { readonly kind: "saved"; readonly isSaved: boolean };

export type MenuEffect =
  /** In place of what is being said. */
  | { readonly do: "say"; readonly sounds: readonly MenuSound[] }
  | { readonly do: "wait" }
  | { readonly do: "checkPin"; readonly pin: string }
  | { readonly do: "load" }
  | { readonly do: "markRead"; readonly messageId: string }
  | { readonly do: "delete"; readonly messageId: string }
  | { readonly do: "recordGreeting" }
  | { readonly do: "stopGreeting" }
  | { readonly do: "keepGreeting" }
  | { readonly do: "dropDraft" }
  | { readonly do: "deleteGreeting" }
  | { readonly do: "hangUp" };

export interface MenuMove {
  readonly session: MenuSession;
  readonly effects: readonly MenuEffect[];
}

const maxWrongPins = 3;
const maxPinDigits = 10;

export function openMenu(needsPin: boolean): MenuMove {
  const session: MenuSession = {
    step: needsPin ? "pin" : "loading",
    digits: "",
    wrongPins: 0,
    messages: [],
    at: 0,
    isLastChance: false,
  };
  return { session, effects: needsPin ? [say("voicemail-enter-pin")] : [{ do: "load" }] };
}

/** The next step of an owner who hears messages by phone ([V1], [V34]). */
export function moveMenu(session: MenuSession, input: MenuInput): MenuMove {
  const stay: MenuMove = { session, effects: [] };
  switch (session.step) {
    case "pin":
      return atPin(session, input);
    case "checking":
      if (input.kind !== "pinChecked") return stay;
      return input.isRight ? { session: { ...session, step: "loading" }, effects: [{ do: "load" }] } : refuse(session);
    case "loading":
      return input.kind === "loaded" ? begin({ ...session, messages: input.messages }) : stay;
    case "menu":
      return atMenu(session, input);
    case "greeting":
      return session.greeting === undefined ? stay : take(session, moveGreeting(session.greeting, input));
    case "closing":
      return input.kind === "spoken" ? { session: { ...session, step: "over" }, effects: [{ do: "hangUp" }] } : stay;
    case "over":
      return stay;
  }
}

function atPin(session: MenuSession, input: MenuInput): MenuMove {
  if (input.kind === "waited") return refuse(session);
  if (input.kind === "spoken") return { session, effects: [{ do: "wait" }] };
  if (input.kind !== "key") return { session, effects: [] };
  const { digits } = session;
  if (input.digit === "*") return { session: { ...session, digits: "" }, effects: [{ do: "wait" }] };
  if (input.digit !== "#") {
    const longer = (digits + input.digit).slice(0, maxPinDigits + 1);
    return { session: { ...session, digits: longer }, effects: [{ do: "wait" }] };
  }
  return { session: { ...session, step: "checking", digits: "" }, effects: [{ do: "checkPin", pin: digits }] };
}

function refuse(session: MenuSession): MenuMove {
  const wrongPins = session.wrongPins + 1;
  if (wrongPins >= maxWrongPins) return close({ ...session, wrongPins }, "voicemail-wrong-pin");
  return {
    session: { ...session, step: "pin", digits: "", wrongPins },
    effects: [say("voicemail-wrong-pin", "voicemail-enter-pin")],
  };
}

function begin(session: MenuSession): MenuMove {
  const { messages } = session;
  if (messages.length === 0) {
    const said = say("voicemail-no-messages", "voicemail-greeting-hint");
    return { session: { ...session, step: "menu", isLastChance: true }, effects: [said] };
  }
  const old = messages.filter(({ isRead }) => isRead).length;
  return tell(session, 0, [
    ...count("voicemail-new-messages", messages.length - old),
    ...count("voicemail-old-messages", old),
  ]);
}

function atMenu(session: MenuSession, input: MenuInput): MenuMove {
  const { messages, at, isLastChance } = session;
  const messageId = messages[at]?.id ?? "";
  switch (input.kind) {
    case "heard":
      return { session, effects: [{ do: "markRead", messageId: input.messageId }] };
    case "spoken":
      return { session, effects: [{ do: "wait" }] };
    case "waited":
      if (isLastChance) return close(session, "goodbye");
      return {
        session: { ...session, isLastChance: true },
        effects: [say("voicemail-menu", "voicemail-greeting-hint")],
      };
    case "key":
      break;
    default:
      return { session, effects: [] };
  }
  const fresh = { ...session, isLastChance: false };
  if (input.digit === "0") return take(fresh, openGreeting());
  if (input.digit === "#") return close(fresh, "goodbye");
  if (messages.length === 0) return { session, effects: [] };
  switch (input.digit) {
    case "1":
      return tell(fresh, at, []);
    case "2":
      return tell(fresh, at + 1, []);
    case "7": {
      const { session: next, effects } = tell(fresh, at + 1, ["voicemail-deleted"]);
      return { session: next, effects: [{ do: "delete", messageId }, ...effects] };
    }
    default:
      return { session: fresh, effects: [] };
  }
}

/** From the greeting back to the messages, as they are then. */
function take(session: MenuSession, { session: greeting, effects }: GreetingMove): MenuMove {
  if (greeting !== undefined) return { session: { ...session, step: "greeting", greeting }, effects };
  return {
    session: { ...session, step: "loading", at: 0, isLastChance: false },
    effects: [...effects, { do: "load" }],
  };
}

/** Goes to one of the messages; behind the last one it is over. */
function tell(session: MenuSession, at: number, before: readonly AnnouncementId[]): MenuMove {
  const message = session.messages[at];
  if (message === undefined) return close(session, ...before, "voicemail-end");
  const intro = [...before, ...count(message.isUrgent ? "voicemail-urgent-message" : "voicemail-message", at + 1)].map(
    (announcement) => ({ announcement }),
  );
  const sounds = [...intro, { messageId: message.id }, { announcement: "voicemail-menu" } as const];
  return { session: { ...session, step: "menu", at }, effects: [{ do: "say", sounds }] };
}

function close(session: MenuSession, ...announcements: readonly AnnouncementId[]): MenuMove {
  return { session: { ...session, step: "closing" }, effects: [say(...announcements)] };
}

function say(...announcements: readonly AnnouncementId[]): MenuEffect {
  return { do: "say", sounds: announcements.map((announcement) => ({ announcement })) };
}

function count(what: AnnouncementId, number: number): readonly AnnouncementId[] {
  const spoken = spokenNumber(number);
  if (number === 0) return [];
  return spoken === undefined ? [what] : [what, spoken];
}
