import {
  brandId,
  type LegId,
  type Operation,
  type OperationOutcome,
  type PlaybackId,
  type PlaySource,
  type Scheduler,
  type TelephonyEvent,
} from "@pbx-x/telephony";
import type { OfferedService } from "../calls/offered-services.ts";
import type { NewId } from "../ids.ts";
import type { AgentAction } from "../agents/agent-codes.ts";
import type { FeatureCode } from "../routing/feature-codes.ts";
import type { Extension } from "./extension.ts";
import type { ExtensionSettings } from "./extension-settings.ts";
import type { SettingChanges } from "./forwarding-check.ts";

export interface FeatureCodeServiceOptions {
  readonly settings: Pick<ExtensionSettings, "change">;
  /** What agents dial; false where it is not possible. */
  readonly agents: (extension: Extension, action: AgentAction) => boolean;
  readonly perform: (operation: Operation) => Promise<OperationOutcome>;
  readonly scheduler: Scheduler;
  readonly newId: NewId;
  readonly onError: (error: unknown) => void;
}

const confirmation: PlaySource = { kind: "tone", tone: "beep" };
const refusal: PlaySource = { kind: "tone", tone: "congestion" };
/** The tone that says no goes on by itself. */
const refusalMs = 2000;
/** A confirmation whose end is never told. */
const longestMs = 5000;

/**
 * Carries out the codes that phones dial ([E4]): changes the setting, answers, plays whether it was taken, hangs up. No
 * call begins of it.
 */
export class FeatureCodeService {
  readonly #options: FeatureCodeServiceOptions;
  /** What is told to which phone at the moment, each with the cancellation of its limit. */
  readonly #telling = new Map<LegId, () => void>();

  constructor(options: FeatureCodeServiceOptions) {
    this.#options = options;
  }

  /** Phones that are being told something now. */
  get size(): number {
    return this.#telling.size;
  }

  /** Resolves when the phone is being told, whatever came of it. */
  async offered({ legId, extension }: OfferedService, code: FeatureCode): Promise<void> {
    this.#telling.set(legId, () => undefined);
    try {
      await this.#carryOut(legId, extension, code);
    } catch (error) {
      this.#options.onError(error);
      this.#hangup(legId);
    }
  }

  onTelephony(event: TelephonyEvent): void {
    if (event.type === "playbackFinished") this.#hangup(event.legId);
    else if (event.type === "legEnded") this.#forget(event.legId);
  }

  async #carryOut(legId: LegId, extension: Extension, code: FeatureCode): Promise<void> {
    const { agents, perform, scheduler, newId } = this.#options;
    const isTaken = code.feature === "agent" ? agents(extension, code.action) : await this.#change(extension, code);
    if (!this.#telling.has(legId)) return;
    const cancel = scheduler.after(isTaken ? longestMs : refusalMs, () => this.#hangup(legId));
    this.#telling.set(legId, cancel);
    const answered = await perform({ op: "answer", legId });
    const playbackId = brandId<PlaybackId>(newId());
    const source = isTaken ? confirmation : refusal;
    const played = answered.ok ? await perform({ op: "play", legId, playbackId, source }) : answered;
    if (!played.ok) this.#hangup(legId);
  }

  async #change(extension: Extension, code: Exclude<FeatureCode, { feature: "agent" }>): Promise<boolean> {
    const changes = changesOf(code, extension);
    if (changes === undefined) return false;
    return (await this.#options.settings.change(extension.id, changes, { via: "phone" })).ok;
  }

  #hangup(legId: LegId): void {
    if (!this.#forget(legId)) return;
    void this.#options.perform({ op: "hangup", legId, cause: "normal" });
  }

  #forget(legId: LegId): boolean {
    this.#telling.get(legId)?.();
    return this.#telling.delete(legId);
  }
}

const fieldsOf = {
  always: ["forwardUnconditionalEnabled", "forwardUnconditionalDestination"],
  busy: ["forwardOnBusyEnabled", "forwardOnBusyDestination"],
  no_answer: ["forwardOnNoAnswerEnabled", "forwardOnNoAnswerDestination"],
} as const;

/** What a code changes; undefined where it has no destination and none is kept. */
export function changesOf(
  code: Exclude<FeatureCode, { feature: "agent" }>,
  extension: Extension,
): SettingChanges | undefined {
  if (code.feature === "dnd") return { dndEnabled: code.isOn };
  const [enabled, destination] = fieldsOf[code.when];
  if (!code.isOn) return { [enabled]: false };
  if (code.destination !== undefined) return { [enabled]: true, [destination]: code.destination };
  return extension[destination] === undefined ? undefined : { [enabled]: true };
}
