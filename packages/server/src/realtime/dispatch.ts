import {
  type AnswerFrame,
  type CommandError,
  type CommandFrame,
  commands,
  type ErrorCode,
  parseCommandFrame,
} from "@pbx-x/protocol";
import type { CommandHandler, CommandHandlers, CommandOutcome } from "./command-handler.ts";
import type { CommandMemory } from "./command-memory.ts";
import { memoryOwner, type Session } from "./session.ts";
import { TokenBucket } from "./token-bucket.ts";

export interface DispatchOptions {
  readonly handlers: CommandHandlers;
  readonly memory: CommandMemory;
  readonly now: () => number;
  readonly originatesPerMinute: number;
  /** The commands of sessions and channels; undefined for one of a slice. */
  readonly builtIn: (session: Session, command: CommandFrame) => Promise<CommandOutcome<object>> | undefined;
  readonly send: (session: Session, answer: AnswerFrame) => void;
  readonly onPing: (session: Session, id: string | undefined) => void;
  readonly onBadFrame: (session: Session) => void;
  readonly onFailure: (command: string, error: unknown) => void;
}

/** Reads frames, judges them, has them carried out, answers ([W3]–[W6], [W34]). */
export class Dispatch {
  readonly #options: DispatchOptions;
  readonly #originates = new Map<string, TokenBucket>();

  constructor(options: DispatchOptions) {
    this.#options = options;
  }

  receive(session: Session, text: string): void {
    const parsed = parseCommandFrame(text);
    const now = this.#options.now();
    if (!parsed.ok) {
      const { id, code, message, details } = parsed;
      this.#options.send(session, { id, success: false, error: { code, message, details } });
      this.#options.onBadFrame(session);
      return;
    }
    const { command } = parsed;
    if (command.command === "ping") {
      this.#options.onPing(session, command.id);
      return;
    }
    const { id } = command;
    const owner = memoryOwner(session);
    const known = this.#options.memory.recall(owner, id, now);
    if (known !== undefined) {
      void known.then((answer) => this.#options.send(session, answer));
      return;
    }
    const waitSeconds = session.commands.take(now) || this.#takeOriginate(session, command, now);
    if (waitSeconds > 0) {
      const retryAfterSeconds = Math.ceil(waitSeconds * 10) / 10;
      const message = `Too many commands. Try again in ${retryAfterSeconds} s.`;
      this.#options.send(session, {
        id,
        success: false,
        error: { code: "RATE_LIMIT_EXCEEDED", message, retryAfterSeconds },
      });
      return;
    }
    const answer = this.#carryOut(session, command);
    this.#options.memory.remember(owner, id, answer, now);
    void answer.then((frame) => this.#options.send(session, frame));
  }

  /** Forgets what is unused. */
  sweep(now: number): void {
    this.#options.memory.sweep(now);
    for (const [userId, bucket] of this.#originates) if (bucket.isFull(now)) this.#originates.delete(userId);
  }

  async #carryOut(session: Session, command: CommandFrame): Promise<AnswerFrame> {
    const id = command.id ?? "";
    try {
      const { permission } = commands[command.command];
      if (!mayUse(session, permission)) {
        const message = `Your role does not include the command ${command.command}.`;
        return { id, success: false, error: { code: "UNAUTHORIZED", message } };
      }
      const outcome = (await (this.#options.builtIn(session, command) ??
        this.#handle(session, command))) as CommandOutcome<never>;
      if (!outcome.ok) return { id, success: false, error: outcome.error };
      return { id, success: true, data: outcome.data, ...(outcome.seq !== undefined && { seq: outcome.seq }) };
    } catch (error) {
      this.#options.onFailure(command.command, error);
      return { id, success: false, error: internalError };
    }
  }

  #handle(session: Session, command: CommandFrame): Promise<CommandOutcome<object>> {
    // The frame was parsed by the schema of this very command, which the handler's parameters derive from.
    const handler = this.#options.handlers[command.command] as CommandHandler<never> | undefined;
    if (handler === undefined) return Promise.resolve({ ok: false, error: notOffered(command.command) });
    const context = {
      identity: session.identity,
      via: "command",
      commandId: command.id ?? "",
      sessionId: session.id,
    } as const;
    return handler(command.params as never, context);
  }

  #takeOriginate({ identity }: Session, { command }: CommandFrame, now: number): number {
    if (command !== "originate") return 0;
    const perMinute = this.#options.originatesPerMinute;
    const bucket = this.#originates.get(identity.userId) ?? new TokenBucket(perMinute / 60, perMinute, now);
    this.#originates.set(identity.userId, bucket);
    return bucket.take(now);
  }
}

const internalError: CommandError = {
  code: "INTERNAL_ERROR",
  message: "Something went wrong here. It is in the server's log.",
};

function notOffered(name: string): CommandError<ErrorCode> {
  return {
    code: "ENGINE_UNAVAILABLE",
    message: `This server does not offer ${name} yet.`,
    details: { reason: "not_offered" },
  };
}

/** `own` is enough to be heard: whose call it is, the handler looks at ([W40]). */
function mayUse({ identity }: Session, permission: (typeof commands)[keyof typeof commands]["permission"]): boolean {
  if (permission === "none" || identity.permissions.has(permission)) return true;
  const all = permission.replace(/\.own$/, ".all");
  return [...identity.permissions].some((held) => held === all);
}
