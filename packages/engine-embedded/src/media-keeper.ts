import type { MediaEvent, MediaService } from "@pbx-x/media";
import type { Scheduler } from "@pbx-x/telephony";

export interface MediaKeeperOptions {
  readonly scheduler: Scheduler;
  readonly create: (onEvent: (event: MediaEvent) => void) => MediaService;
  readonly onEvent: (event: Exclude<MediaEvent, { type: "workerLost" }>) => void;
  /** From now on this one carries the voice. */
  readonly onMedia: (media: MediaService) => void;
  /** All voice is gone; a new service is on its way. */
  readonly onLost: () => void;
  /** The new service works. */
  readonly onRecovered: () => void;
}

const firstPauseMs = 100;
const longestPauseMs = 10_000;
/** A service that worked for so long did not die of its start. */
const steadyMs = 60_000;

/** Time before the next try, after so many that failed one soon after the other: 100 ms, twice as long each time, up to 10 s. */
export function restartPauseMs(failures: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** failures);
}

/** Keeps the voice going: a media service whose thread died is replaced by a new one ([C19]). */
export class MediaKeeper {
  readonly #options: MediaKeeperOptions;
  #media: MediaService | undefined;
  #failures = 0;
  #startedAtMs = 0;
  #cancelRestart: (() => void) | undefined;
  #isStopped = false;

  constructor(options: MediaKeeperOptions) {
    this.#options = options;
  }

  /** The newest one; after its death it refuses all that is asked of it. */
  get current(): MediaService | undefined {
    return this.#media;
  }

  start(): void {
    const { create, scheduler, onEvent, onMedia } = this.#options;
    this.#startedAtMs = scheduler.now();
    const media = create((event) => {
      if (event.type !== "workerLost") onEvent(event);
      else this.#onLost();
    });
    this.#media = media;
    onMedia(media);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelRestart?.();
    await this.#media?.shutdown();
  }

  #onLost(): void {
    if (this.#isStopped) return;
    const { scheduler, onLost } = this.#options;
    if (scheduler.now() - this.#startedAtMs >= steadyMs) this.#failures = 0;
    const pauseMs = restartPauseMs(this.#failures);
    this.#failures += 1;
    onLost();
    this.#cancelRestart = scheduler.after(pauseMs, () => void this.#restart());
  }

  async #restart(): Promise<void> {
    this.start();
    const isReady = await this.#media?.whenReady();
    if (isReady === true && !this.#isStopped) this.#options.onRecovered();
  }
}
