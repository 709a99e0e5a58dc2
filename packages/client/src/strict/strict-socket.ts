import {
  type CommandName,
  eventSchema,
  events,
  type EventType,
  isCommandName,
  parseCommandFrame,
  refusalSchema,
  successSchema,
} from "@pbx-x/protocol";
import type { SocketLike, WebSocketLike } from "../platform/web-socket.ts";

/** A frame that is not as the contract says. */
export interface StrictProblem {
  readonly direction: "sent" | "received";
  /** Type of the event or name of the command, where it could be read. */
  readonly frame: string;
  /** Which fields, and what is wrong with them. Holds no values. */
  readonly message: string;
}

export interface StrictOptions {
  /** Default: throws for what is sent, `console.error` for what is received. */
  readonly onProblem?: (problem: StrictProblem) => void;
}

/**
 * Checks every frame of a socket with the contract's full schemas, for tests and development ([A1]). In production it
 * would do harm: a newer server may send more than this version knows.
 */
export function strictSocket(Socket: WebSocketLike, { onProblem }: StrictOptions = {}): WebSocketLike {
  const report = (problem: StrictProblem): void => {
    if (onProblem !== undefined) onProblem(problem);
    else if (problem.direction === "sent") throw new TypeError(`${problem.frame}: ${problem.message}`);
    else console.error(`pbx-x: received ${problem.frame}: ${problem.message}`);
  };
  return class StrictSocket implements SocketLike {
    readonly #socket: SocketLike;
    /** Command by id, until its answer came; the newest only. */
    readonly #commands = new Map<string, CommandName>();
    onopen: SocketLike["onopen"] = null;
    onmessage: SocketLike["onmessage"] = null;
    onclose: SocketLike["onclose"] = null;
    onerror: SocketLike["onerror"] = null;

    constructor(url: string, protocols: string[]) {
      this.#socket = new Socket(url, protocols);
      this.#socket.onopen = (event) => this.onopen?.(event);
      this.#socket.onclose = (event) => this.onclose?.(event);
      this.#socket.onerror = (event) => this.onerror?.(event);
      this.#socket.onmessage = (event: { readonly data: unknown }) => {
        this.#check(event.data);
        this.onmessage?.(event as never);
      };
    }

    get protocol(): string {
      return this.#socket.protocol;
    }

    send(text: string): void {
      const parsed = parseCommandFrame(text);
      if (parsed.ok) this.#remember(parsed.command.id, parsed.command.command);
      else report({ direction: "sent", frame: nameOf(text), message: describe(parsed.details.errors) });
      this.#socket.send(text);
    }

    close(code?: number, reason?: string): void {
      this.#socket.close(code, reason);
    }

    #remember(id: string | undefined, name: CommandName): void {
      if (id === undefined) return;
      this.#commands.set(id, name);
      const [oldest] = this.#commands.keys();
      if (this.#commands.size > 1000 && oldest !== undefined) this.#commands.delete(oldest);
    }

    #check(data: unknown): void {
      const frame = typeof data === "string" ? readObject(data) : undefined;
      const told = (message: string, name = "a frame"): void => report({ direction: "received", frame: name, message });
      if (frame === undefined) return told("not a JSON object");
      const { type, id } = frame;
      if (typeof type === "string") {
        // What a newer server sends is no mistake.
        if (Object.hasOwn(events, type)) issues(eventSchema(type as EventType), frame, (text) => told(text, type));
        return;
      }
      const name = typeof id === "string" ? this.#commands.get(id) : undefined;
      if (typeof id === "string") this.#commands.delete(id);
      if (frame["success"] === false) issues(refusalSchema, frame, (text) => told(text, name ?? "a refusal"));
      else if (name === undefined) told("answers no command that was sent", "an answer");
      else issues(successSchema(name), frame, (text) => told(text, `the answer to ${name}`));
    }
  };
}

interface Schema {
  safeParse(value: unknown): {
    readonly success: boolean;
    readonly error?: {
      readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
    };
  };
}

function issues(schema: Schema, frame: object, tell: (message: string) => void): void {
  const { success, error } = schema.safeParse(frame);
  if (success || error === undefined) return;
  tell(describe(error.issues.map(({ path, message }) => ({ field: path.join("."), message }))));
}

function describe(errors: readonly { readonly field: string; readonly message: string }[]): string {
  return errors.map(({ field, message }) => `${field || "the frame"}: ${message}`).join("; ");
}

function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function nameOf(text: string): string {
  const { command } = readObject(text) ?? {};
  return typeof command === "string" && isCommandName(command) ? command : "a command";
}
