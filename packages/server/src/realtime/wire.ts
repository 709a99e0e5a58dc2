/** The way out to one client: a WebSocket, or a Socket.IO connection ([W18]). */
export interface Wire {
  /** Until the first sign of an end from either side. */
  readonly isOpen: boolean;
  /** Frames may be written to it as they are, many at a time. */
  readonly takesRaw: boolean;
  /** What was handed to it and is not on its way yet. */
  readonly waitingBytes: number;
  /** One frame made by `textFrame`. @returns how many bytes it became */
  write(frame: Buffer): number;
  /** Several frames in one buffer; only where `takesRaw`. */
  writeRaw(frames: Buffer): void;
  /** Nothing that the client says is heard until `resume`. */
  pause(): void;
  resume(): void;
  /** Once what was written is sent. */
  close(code: number): void;
  /** At once. */
  terminate(): void;
  /** What was handed to it went out. */
  onDrain(listener: () => void): void;
}
