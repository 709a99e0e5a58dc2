import type { AnnouncementLanguage } from "../announcements/announcement-texts.ts";

/** An extension's record, as REST shows it ([R10]) less the secrets. */
export interface Extension {
  readonly id: string;
  readonly number: string;
  readonly displayName: string;
  readonly userId?: string;
  readonly department?: string;
  readonly dndEnabled: boolean;
  readonly forwardUnconditionalEnabled: boolean;
  readonly forwardUnconditionalDestination?: string;
  readonly forwardOnBusyEnabled: boolean;
  readonly forwardOnBusyDestination?: string;
  readonly forwardOnNoAnswerEnabled: boolean;
  readonly forwardOnNoAnswerDestination?: string;
  /** Seconds. */
  readonly forwardOnNoAnswerTimeout: number;
  readonly maxConcurrentCalls: number;
  readonly voicemailEnabled: boolean;
  /** Whether its messages are mailed ([V36]). */
  readonly voicemailEmailEnabled: boolean;
  /** Where to; else to its user. */
  readonly voicemailEmail?: string;
  /** In which it is spoken to; else the language of the system. */
  readonly language?: AnnouncementLanguage;
  readonly callRecordingPolicy: "off" | "on_demand" | "always";
  readonly canRecordCalls: boolean;
  readonly codecPreferences: readonly string[];
  /** What who is held by it hears; else the music of all ([C24]). */
  readonly holdMusicPromptId?: string;
}

/** Digest secrets of an extension's phones: H(user:realm:password) per algorithm, never the password itself. */
export interface ExtensionSecret {
  readonly md5: string;
  readonly sha256: string;
}

/** The extensions in memory: reading never waits. */
export interface ExtensionDirectory {
  byId(id: string): Extension | undefined;
  byNumber(number: string): Extension | undefined;
  all(): readonly Extension[];
  secretOf(id: string): ExtensionSecret | undefined;
  /** After a change is stored; `after` undefined means deleted, `before` undefined means created. */
  onChanged(listener: (change: ExtensionChange) => void): () => void;
}

export interface ExtensionChange {
  readonly before?: Extension;
  readonly after?: Extension;
  /** The phone's password is another one. */
  readonly isSecretNew?: boolean;
}
