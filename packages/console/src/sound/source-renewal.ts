export interface RenewedMedia {
  src: string;
  currentTime: number;
  playbackRate: number;
  play(): Promise<void>;
}

interface SourceRenewalOptions {
  readonly media: RenewedMedia;
  /** Whether somebody wants to hear it; a player that fails counts as paused itself. */
  readonly isWanted: () => boolean;
  readonly newUrl: () => Promise<string>;
  readonly now: () => number;
  readonly fail: () => void;
}

/** An address that fails again so soon is no matter of its ticket. */
const notAgainMs = 5000;

/** What a player does when its address is refused: it goes on at the same place from a new one; once, and then it fails. */
export function createSourceRenewal({ media, isWanted, newUrl, now, fail }: SourceRenewalOptions): () => void {
  let renewedAt = Number.NEGATIVE_INFINITY;
  let isRenewing = false;
  return () => {
    if (isRenewing) return;
    if (now() - renewedAt < notAgainMs) return fail();
    isRenewing = true;
    const { currentTime, playbackRate } = media;
    newUrl()
      .then((url) => {
        media.src = url;
        // A new address sets both back.
        Object.assign(media, { currentTime, playbackRate });
        renewedAt = now();
        return isWanted() ? media.play() : undefined;
      })
      .catch(fail)
      .finally(() => {
        isRenewing = false;
      });
  };
}
