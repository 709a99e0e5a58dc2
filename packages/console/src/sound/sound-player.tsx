import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import WaveSurfer from "wavesurfer.js";
import { useOwnCalls } from "../dock/use-own-calls.ts";
import { formatElapsed } from "../live/format-time.ts";
import { api } from "../rest/api.ts";
import { useMe } from "../session/me.ts";
import { shownState } from "../live/calls.ts";
import { Icon } from "../ui/icons.tsx";
import { createSourceRenewal } from "./source-renewal.ts";
import { useWords } from "../words/use-words.ts";

interface Peaks {
  readonly durationSeconds: number;
  readonly left: readonly number[];
  readonly right: readonly number[];
}

interface SoundPlayerProps {
  /** Of the sound, e.g. `/recordings/…/stream`. */
  readonly path: string;
  /** Of its waveform, where the server makes one: a long file is then not loaded to be drawn. */
  readonly peaksPath?: string;
  readonly durationSeconds: number;
  /** After 3 s of playing. */
  readonly onHeard?: () => void;
}

/** At most one plays in the page. */
let playing: WaveSurfer | undefined;
const speeds = [1, 1.25, 1.5, 2] as const;

/** Plays a message or a recording: Space, arrows by 5 s, comma and point for the speed; a ringing call pauses it. */
export function SoundPlayer({ path, peaksPath, durationSeconds, onHeard }: SoundPlayerProps) {
  const t = useWords();
  const me = useMe();
  const box = useRef<HTMLDivElement>(null);
  const wave = useRef<WaveSurfer | undefined>(undefined);
  const [isPlaying, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [speed, setSpeed] = useState<number>(1);
  const [hasFailed, setFailed] = useState(false);
  /** Pressed while the sound's address was still on its way. */
  const isPressedEarly = useRef(false);
  const heard = useRef(onHeard);
  heard.current = onHeard;
  const isRinging = useOwnCalls().some((call) => shownState(call, me) === "incoming");

  useEffect(() => {
    let isGone = false;
    let wasHeard = false;
    const newUrl = async (): Promise<string> => {
      const body = { path: `/api/v1${path}` };
      return (await api<{ readonly url: string }>("/auth/tickets", { method: "POST", body })).url;
    };
    const start = async (container: HTMLElement): Promise<void> => {
      const [url, peaks] = await Promise.all([newUrl(), peaksPath === undefined ? undefined : api<Peaks>(peaksPath)]);
      if (isGone) return;
      const style = getComputedStyle(document.documentElement);
      const made = WaveSurfer.create({
        container,
        url,
        height: peaks === undefined ? 40 : 28,
        barWidth: 2,
        barGap: 1,
        barRadius: 2,
        normalize: true,
        cursorColor: style.getPropertyValue("--text"),
        waveColor: style.getPropertyValue("--control"),
        progressColor: style.getPropertyValue("--accent"),
        ...(peaks !== undefined && {
          // The waveform's numbers are per mille or any scale: it is normalised.
          peaks: [peaks.left.map(Number), peaks.right.map(Number)],
          duration: peaks.durationSeconds,
          splitChannels: [{}, {}],
        }),
      });
      wave.current = made;
      let isWanted = false;
      const media = made.getMediaElement();
      // Only of a player that was destroyed.
      if (media === null) return;
      // With a waveform nothing of the sound is needed before somebody wants to hear it.
      if (peaks !== undefined) media.preload = "none";
      const renew = createSourceRenewal({
        media,
        isWanted: () => isWanted,
        newUrl,
        now: () => performance.now(),
        fail: () => !isGone && setFailed(true),
      });
      made.on("play", () => {
        if (playing !== made) playing?.pause();
        playing = made;
        setPlaying(true);
        isWanted = true;
      });
      made.on("pause", () => {
        setPlaying(false);
        if (media.error === null) isWanted = false;
      });
      // The ticket in the address is good for 60 s: what is played longer, or later, needs another one.
      made.on("error", () => (media.error === null ? setFailed(true) : renew()));
      made.on("timeupdate", (seconds) => {
        setAt(seconds);
        if (seconds < 3 || wasHeard) return;
        wasHeard = true;
        heard.current?.();
      });
      if (isPressedEarly.current) made.once("ready", () => void made.play().catch(() => undefined));
    };
    if (box.current !== null) start(box.current).catch(() => !isGone && setFailed(true));
    return () => {
      isGone = true;
      wave.current?.destroy();
      wave.current = undefined;
    };
  }, [path, peaksPath]);
  useEffect(() => {
    if (isRinging) wave.current?.pause();
  }, [isRinging]);

  const toggle = (): void => {
    if (wave.current === undefined) isPressedEarly.current = !isPressedEarly.current;
    // A refusal comes as an error of the player too.
    else wave.current.playPause().catch(() => undefined);
  };
  const faster = (step: number): void => {
    const next =
      speeds[Math.max(0, Math.min(speeds.length - 1, speeds.findIndex((each) => each === speed) + step))] ?? 1;
    setSpeed(next);
    wave.current?.setPlaybackRate(next);
  };
  const onKey = (event: KeyboardEvent): void => {
    const acts: Readonly<Record<string, () => void>> = {
      " ": toggle,
      ArrowLeft: () => wave.current?.skip(-5),
      ArrowRight: () => wave.current?.skip(5),
      ",": () => faster(-1),
      ".": () => faster(1),
    };
    const act = acts[event.key];
    if (act === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  if (hasFailed) return <p className="text-sm text-danger">{t("sound.failed")}</p>;
  return (
    <div role="group" aria-label={t("sound.player")} className="flex items-center gap-3" onKeyDown={onKey}>
      <button
        type="button"
        className="btn btn-icon"
        aria-label={t(isPlaying ? "sound.pause" : "sound.play")}
        onClick={toggle}
      >
        <Icon name={isPlaying ? "pause" : "play"} />
      </button>
      <div ref={box} className="min-w-32 flex-1" />
      <span className="num text-xs text-muted">
        {formatElapsed(at * 1000)} / {formatElapsed(durationSeconds * 1000)}
      </span>
      <button
        type="button"
        className="btn btn-sm num"
        aria-label={t("sound.speed", { speed })}
        onClick={() => faster(speed === 2 ? -3 : 1)}
      >
        {speed}×
      </button>
    </div>
  );
}
