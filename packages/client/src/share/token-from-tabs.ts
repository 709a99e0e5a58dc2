import { AuthRequired, type TokenReason } from "../connection/token-source.ts";
import type { Clock } from "../platform/clock.ts";
import { inOrder } from "./foremost.ts";
import type { GroupMessage, TabFacts } from "./messages.ts";

export interface TokenFromTabsOptions {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly tabs: () => readonly TabFacts[];
  readonly post: (message: GroupMessage) => void;
}

const patienceMs = 5000;

/** Asks the application for a token in one of its tabs: the nearest to the user first, 5 s each. */
export class TokenFromTabs {
  readonly #options: TokenFromTabsOptions;
  readonly #answers = new Map<string, (message: Extract<GroupMessage, { is: "token" }>) => void>();

  constructor(options: TokenFromTabsOptions) {
    this.#options = options;
  }

  hear(message: GroupMessage): void {
    if (message.is === "token") this.#answers.get(message.request)?.(message);
  }

  async ask(reason: TokenReason, signal: AbortSignal): Promise<string> {
    for (const { tab } of inOrder(this.#options.tabs())) {
      if (signal.aborted) break;
      const answer = await this.#askTab(tab, reason);
      if (answer?.token !== undefined) return answer.token;
      if (answer?.isFinal === true) throw new AuthRequired("A new log-in is needed.");
    }
    throw new Error("No tab gave a token.");
  }

  #askTab(tab: string, reason: TokenReason): Promise<Extract<GroupMessage, { is: "token" }> | undefined> {
    const { clock, newId, post } = this.#options;
    const request = newId();
    return new Promise((resolve) => {
      const end = (message: Extract<GroupMessage, { is: "token" }> | undefined): void => {
        this.#answers.delete(request);
        cancel();
        resolve(message);
      };
      const cancel = clock.after(patienceMs, () => end(undefined));
      this.#answers.set(request, end);
      post({ is: "askToken", tab, request, reason });
    });
  }
}
