import type { MenuEffect, MenuInput, MenuSound } from "./menu-session.ts";

/** What an owner who changes the own greeting is at ([V35]). */
export interface GreetingSession {
  readonly step: "options" | "prompt" | "recording" | "saving";
  /** One is recorded and not kept yet. */
  readonly hasDraft: boolean;
}

export interface GreetingMove {
  /** Undefined: back to the messages. */
  readonly session: GreetingSession | undefined;
  readonly effects: readonly MenuEffect[];
}

export function openGreeting(): GreetingMove {
  return options(false);
}

/** The next step of an owner who listens to the own greeting, records, keeps or deletes it. */
export function moveGreeting(session: GreetingSession, input: MenuInput): GreetingMove {
  const stay: GreetingMove = { session, effects: [] };
  switch (session.step) {
    case "options":
      return atOptions(session, input);
    case "prompt":
      // The tone was the last of what was said.
      return input.kind === "spoken"
        ? { session: { step: "recording", hasDraft: false }, effects: [{ do: "recordGreeting" }] }
        : stay;
    case "recording":
      if (input.kind === "recorded") return options(input.isUsable);
      return input.kind === "key" ? { session, effects: [{ do: "stopGreeting" }] } : stay;
    case "saving":
      return input.kind === "saved"
        ? options(!input.isSaved, input.isSaved ? "voicemail-greeting-saved" : undefined)
        : stay;
  }
}

function atOptions(session: GreetingSession, input: MenuInput): GreetingMove {
  const { hasDraft } = session;
  if (input.kind === "spoken") return { session, effects: [{ do: "wait" }] };
  if (input.kind === "waited") return back(hasDraft);
  if (input.kind !== "key") return { session, effects: [] };
  switch (input.digit) {
    case "1": {
      const heard = hasDraft ? "draft" : "current";
      const sounds: readonly MenuSound[] = [{ greeting: heard }, { announcement: askOf(hasDraft) }];
      return { session, effects: [{ do: "say", sounds }] };
    }
    case "2": {
      const sounds = [{ announcement: "voicemail-greeting-menu" }, { tone: "beep" }] as const;
      return { session: { step: "prompt", hasDraft: false }, effects: [{ do: "say", sounds }] };
    }
    case "3":
      if (!hasDraft) return { session, effects: [] };
      return { session: { step: "saving", hasDraft }, effects: [{ do: "keepGreeting" }] };
    case "7": {
      if (hasDraft) return { session, effects: [] };
      const { session: next, effects } = options(false, "voicemail-greeting-deleted");
      return { session: next, effects: [{ do: "deleteGreeting" }, ...effects] };
    }
    case "#":
      return back(hasDraft);
    default:
      return { session, effects: [] };
  }
}

function back(hasDraft: boolean): GreetingMove {
  return { session: undefined, effects: hasDraft ? [{ do: "dropDraft" }] : [] };
}

function askOf(hasDraft: boolean) {
  return hasDraft ? "voicemail-greeting-draft" : "voicemail-greeting-options";
}

function options(hasDraft: boolean, before?: "voicemail-greeting-saved" | "voicemail-greeting-deleted"): GreetingMove {
  const said = [...(before === undefined ? [] : [before]), askOf(hasDraft)] as const;
  const sounds = said.map((announcement) => ({ announcement }));
  return { session: { step: "options", hasDraft }, effects: [{ do: "say", sounds }] };
}
