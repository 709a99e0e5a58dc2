/** Hints for who writes the application: each once, and none in production ([M6], [M8]). */
export class Warnings {
  readonly #told = new Set<string>();
  readonly #tell: ((message: string) => void) | undefined;

  constructor(tell: ((message: string) => void) | undefined) {
    this.#tell = tell;
  }

  warn(message: string): void {
    if (this.#told.has(message) || this.#told.size > 100) return;
    this.#told.add(message);
    if (this.#tell !== undefined) this.#tell(message);
    else if (isDevelopment()) console.warn(`pbx-x: ${message}`);
  }
}

function isDevelopment(): boolean {
  const { process } = globalThis as { readonly process?: { readonly env?: Readonly<Record<string, string>> } };
  return process?.env?.["NODE_ENV"] === "development";
}
