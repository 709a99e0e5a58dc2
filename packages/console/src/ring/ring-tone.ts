/** Two tones a second apart every 4 s, until the returned function is called. */
export function startRingTone(): () => void {
  const context = new AudioContext();
  const play = (): void => {
    for (const at of [0, 0.35]) beep(context, context.currentTime + at);
  };
  play();
  const timer = setInterval(play, 4000);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}

/** One tone, after a click: that also lets the page sound later. */
export function playTestTone(): void {
  const context = new AudioContext();
  beep(context, context.currentTime);
  setTimeout(() => void context.close(), 600);
}

function beep(context: AudioContext, at: number): void {
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = 740;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.18, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.28);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + 0.3);
}
