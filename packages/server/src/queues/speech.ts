import type { PlaybackId } from "@pbx-x/telephony";
import { announcementFile } from "../announcements/announcement-library.ts";
import type { AnnouncementId, AnnouncementLanguage } from "../announcements/announcement-texts.ts";
import type { DecisionBuilder } from "../calls/decision.ts";
import { changeSound, type SoundSurroundings, soundOf } from "../calls/sound.ts";

/** Says something to the waiting caller, one after the other, unless it is being told something already. */
export function speak(builder: DecisionBuilder, ids: readonly AnnouncementId[], language: AnnouncementLanguage): void {
  playNext(
    builder,
    ids.map((id) => announcementFile(id, language)),
  );
}

/** An announcement is over: the next one, else the music goes on. */
export function goOnSpeaking(builder: DecisionBuilder, playbackId: PlaybackId, around: SoundSurroundings): void {
  const { stage } = builder.call;
  if (stage.at !== "queued" || stage.speech?.playbackId !== playbackId) return;
  const { speech, ...silent } = stage;
  builder.change({ stage: silent });
  playNext(builder, speech.next);
  changeSound(builder, new Map([[stage.callerLegId, { hasMusic: false }]]), soundOf(builder.call), around);
}

/** Whatever is said or played to the caller ends: it is about to hear something else. */
export function fallSilent(builder: DecisionBuilder, around: SoundSurroundings): void {
  const { stage } = builder.call;
  if (stage.at !== "queued") return;
  const before = soundOf(builder.call);
  if (stage.speech !== undefined) builder.perform({ op: "stopPlayback", playbackId: stage.speech.playbackId });
  changeSound(builder, before, new Map(), around);
}

function playNext(builder: DecisionBuilder, files: readonly string[]): void {
  const { stage } = builder.call;
  const [path, ...next] = files;
  if (stage.at !== "queued" || stage.speech !== undefined || path === undefined) return;
  const playbackId = builder.newId<PlaybackId>();
  builder
    .perform({ op: "play", legId: stage.callerLegId, playbackId, source: { kind: "file", path, isLooped: false } })
    .change({ stage: { ...stage, speech: { playbackId, next } } });
}
