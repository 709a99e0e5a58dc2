/** How to start the Asterisk that `tools/asterisk.mjs` has unpacked. */
export interface AsteriskProgram {
  readonly command: string;
  /** Before Asterisk's own. */
  readonly args: readonly string[];
  /** Folder of its modules. */
  readonly modules: string;
  readonly data: string;
}
export const asteriskRoot: string;
export function findAsterisk(): AsteriskProgram | undefined;
/** Undefined when it is there now, else why it is not. */
export function installAsterisk(): string | undefined;
