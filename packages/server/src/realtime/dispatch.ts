import {
  type AnswerFrame,
  type CommandError,
  type CommandFrame,
  type CommandParsing,
  commands,
  type ErrorCode,
  parseCommandFrame,
} from "@pbx-x/protocol";
import type { CommandHandler, CommandHandlers, CommandOutcome } from "./command-handler.ts";
import type { CommandMemory } from "./command-memory.ts";
import type { OriginateLimit } from "./originate-limit.ts";
import { memoryOwner, type Session } from "./session.ts";
import { isSessionCommand, type SessionCommandFrame, type SessionOutcome } from "./session-commands.ts";
import { hasRight } from "./visibility.ts";

export interface DispatchOptions {
  readonly handlers: CommandHandlers;
  readonly memory: CommandMemory;
  readonly now: () => number;
  readonly originates: OriginateLimit;
  /** The commands of sessions and channels. */
  readonly builtIn: (session: Session, command: SessionCommandFrame) => Promise<SessionOutcome>;
  readonly send: (session: Session, answer: AnswerFrame) => void;
  readonly onPing: (session: Session, id: string | undefined) => void;
  readonly onBadFrame: (session: Session) => void;
  readonly onFailure: (command: string, error: unknown) => void;
}

/** Reads frames, judges them, has them carried out, answers ([W3]–[W6], [W34]). */
export class Dispatch {
  readonly #options: DispatchOptions;

  constructor(options: DispatchOptions) {
    this.#options = options;
  }

  /** @param text a text frame; undefined for a binary one, which is no command */
  receive(session: Session, text: string | undefined): void {
    this.carryOut(session, text === undefined ? notText : parseCommandFrame(text));
  }

  /** What a client said, read: it gets one answer ([W3]), for a `ping` a `PONG`. */
  carryOut(session: Session, parsed: CommandParsing): void {
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
    const waitSeconds = session.commands.take(now) || this.#takeOriginate(session, command);
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
    if (isSessionCommand(command)) {
      session.turn = session.turn.then(() => this.#carryOutInTurn(session, command));
      return;
    }
    const answer = this.#carryOut(session, command, async () => ({ outcome: await this.#handle(session, command) }));
    const frame = answer.then((carriedOut) => carriedOut.frame);
    this.#options.memory.remember(owner, id, frame, now);
    void frame.then((done) => this.#options.send(session, done));
  }

  /** Forgets what is unused. */
  sweep(now: number): void {
    this.#options.memory.sweep(now);
    this.#options.originates.sweep();
  }

  /** Answer and effect before the next one, so that nothing comes in between ([W25]). */
  async #carryOutInTurn(session: Session, command: SessionCommandFrame): Promise<void> {
    const { builtIn, send } = this.#options;
    const { frame, afterwards } = await this.#carryOut(session, command, () => builtIn(session, command));
    send(session, frame);
    afterwards?.();
  }

  async #carryOut(
    session: Session,
    command: CommandFrame,
    run: () => Promise<SessionOutcome>,
  ): Promise<{ readonly frame: AnswerFrame; readonly afterwards?: () => void }> {
    const id = command.id ?? "";
    try {
      if (!hasRight(session.identity, commands[command.command].permission)) {
        const message = `Your role does not include the command ${command.command}.`;
        return { frame: { id, success: false, error: { code: "UNAUTHORIZED", message } } };
      }
      const { outcome, afterwards } = (await run()) as Omit<SessionOutcome, "outcome"> & {
        // The answer's data is that of the very command.
        readonly outcome: CommandOutcome<never>;
      };
      const frame: AnswerFrame = outcome.ok
        ? { id, success: true, data: outcome.data, ...(outcome.seq !== undefined && { seq: outcome.seq }) }
        : { id, success: false, error: outcome.error };
      return { frame, ...(afterwards !== undefined && { afterwards }) };
    } catch (error) {
      this.#options.onFailure(command.command, error);
      return { frame: { id, success: false, error: internalError } };
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

  #takeOriginate({ identity }: Session, { command }: CommandFrame): number {
    return command === "originate" ? this.#options.originates.take(identity.userId) : 0;
  }
}

const notText = {
  ok: false,
  id: null,
  code: "INVALID_PARAMS",
  message: "The frame is binary; commands are text frames.",
  details: { errors: [{ field: "", message: "not a text frame" }] },
} as const;

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
