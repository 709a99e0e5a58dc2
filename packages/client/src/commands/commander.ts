import {
  type AnswerFrame,
  type CommandId,
  type CommandName,
  type ParamsOf,
  maximumFrameBytes,
} from "@pbx-x/protocol/runtime";
import { Listeners } from "../events/listeners.ts";
import type { Clock } from "../platform/clock.ts";
import { commandPromise, type Answered, type CommandPromise } from "./command-promise.ts";
import { patientCommands, repeatableCommands } from "./command-lists.ts";
import { type ClientErrorCode, type FailureOutcome, PbxError } from "./pbx-error.ts";

export interface CommandOptions {
  /** Before sending it takes the command back; afterwards it only ends the waiting ([K6]). */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Instead of a new one: a repeat under the id of an earlier command runs once ([W4]). */
  readonly commandId?: CommandId;
  /** Wait for a connection, 30 s at most; only for what sets something ([K3]). */
  readonly offline?: { readonly waitMs: number };
}

/** A command that is not answered yet, for a spinner ([K8]). */
export interface PendingCommand {
  readonly commandId: CommandId;
  readonly command: CommandName;
  readonly params: unknown;
}

export interface CommanderOptions {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly timeoutMs: number;
  /** `closed` fails at once, `soon` waits a little, `ready` sends. */
  readonly readiness: () => "ready" | "soon" | "offline" | "closed";
  readonly send: (text: string) => boolean;
  readonly untilVisible: (seq: number | undefined) => Promise<void>;
}

/** Most commands open at once ([K2]). */
export const openCommandLimit = 256;
const nothingPending: readonly PendingCommand[] = Object.freeze([]);
const shortWaitMs = 2000;
const longestWaitMs = 30_000;

interface Open extends PendingCommand {
  readonly frame: string;
  readonly target: string | undefined;
  /** The client's own, which ends with its connection. */
  readonly isInternal: boolean;
  readonly cancels: (() => void)[];
  wasSent: boolean;
  readonly resolve: (answered: Answered) => void;
  readonly reject: (error: PbxError) => void;
}

/** Sends commands and settles each of them, whatever happens ([K2]). */
export class Commander {
  readonly #options: CommanderOptions;
  readonly #open = new Map<string, Open>();
  readonly #forwarded = new Map<CommandId, Promise<Answered>>();
  readonly #listeners = new Listeners();
  /** Tells when a command comes or goes. */
  readonly subscribe = this.#listeners.subscribe;
  /** What {@link Commander.pending} answered since the last change. */
  readonly #lists = new Map<string, readonly PendingCommand[]>();

  constructor(options: CommanderOptions) {
    this.#options = options;
  }

  /** Commands that are not answered yet: the same array until one comes or goes. */
  pending(callId?: string): readonly PendingCommand[] {
    const known = this.#lists.get(callId ?? "");
    if (known !== undefined) return known;
    const fresh = [...this.#open.values()]
      .filter(({ params }) => callId === undefined || (params as { readonly callId?: unknown }).callId === callId)
      .map(({ commandId, command, params }) => ({ commandId, command, params }));
    const list = fresh.length === 0 ? nothingPending : Object.freeze(fresh);
    if (list !== nothingPending) this.#lists.set(callId ?? "", list);
    return list;
  }

  #changed(): void {
    this.#lists.clear();
    this.#listeners.tell();
  }

  /** `isInternal`: the client's own, sent although it is not live yet. */
  run<C extends CommandName>(
    command: C,
    given: ParamsOf<C>,
    options: CommandOptions = {},
    isInternal = false,
  ): CommandPromise<C> {
    const commandId = options.commandId ?? this.#options.newId();
    const callId =
      command === "originate" ? ((given as ParamsOf<"originate">).callId ?? this.#options.newId()) : undefined;
    const params = callId === undefined ? given : { ...given, callId };
    const answered = this.#begin(commandId, command, params, options, isInternal);
    const promise = commandPromise<C>({
      commandId,
      callId: callId as CommandPromise<C>["callId"],
      answered,
      untilVisible: this.#options.untilVisible,
    });
    return promise;
  }

  /** A command of another client of the group, under its own id; a repeat while it is open waits for the same answer ([T2]). */
  forward(commandId: CommandId, command: CommandName, params: unknown): Promise<Answered> {
    const known = this.#forwarded.get(commandId);
    if (known !== undefined) return known;
    // Checked by the server, as every command.
    const answered = this.#begin(commandId, command, params as object, {}, false);
    this.#forwarded.set(commandId, answered);
    const forget = (): void => void this.#forwarded.delete(commandId);
    answered.then(forget, forget);
    return answered;
  }

  #begin(
    commandId: CommandId,
    command: CommandName,
    params: object,
    options: CommandOptions,
    isInternal: boolean,
  ): Promise<Answered> {
    const answered = new Promise<Answered>((resolve, reject) => {
      const frame = JSON.stringify({ id: commandId, command, params });
      const target = targetOf(command, params);
      const cancels: Open["cancels"] = [];
      const wasSent = false;
      const open = { commandId, command, params, frame, target, isInternal, cancels, wasSent, resolve, reject };
      this.#start(open, options);
    });
    answered.catch(() => undefined);
    return answered;
  }

  onAnswer(answer: AnswerFrame): void {
    const open = this.#take(answer.id ?? "");
    if (open === undefined) return;
    if (answer.success) {
      open.resolve({ data: answer.data, seq: answer.seq });
      return;
    }
    const { code, message, ...more } = answer.error;
    open.reject(new PbxError(code, "refused", open.commandId, message, more));
  }

  /** The connection is live again: what waits is sent; what was sent is repeated where that is safe ([K4]). */
  onLive(isResumed: boolean): void {
    for (const open of Array.from(this.#open.values())) {
      const isSafe = isResumed || repeatableCommands.has(open.command) || open.command === "originate";
      if (!open.wasSent || isSafe) this.#send(open);
      else this.#fail(open, "CONNECTION_LOST", "unknown", "The connection was lost before the answer came.");
    }
  }

  /** The client's own commands end with their connection. */
  onLost(): void {
    for (const open of Array.from(this.#open.values())) {
      if (open.isInternal) this.#fail(open, "CONNECTION_LOST", "unknown", "The connection was lost.");
    }
  }

  /** No connection for longer than a command may wait ([K3]). */
  onOffline(): void {
    for (const open of Array.from(this.#open.values())) {
      if (!open.wasSent && open.target === undefined) this.#fail(open, "OFFLINE", "not_executed", offlineText);
    }
  }

  onClosed(): void {
    for (const open of Array.from(this.#open.values())) {
      this.#fail(open, "CLOSED", open.wasSent ? "unknown" : "not_executed", "The client was closed.");
    }
  }

  #start(open: Open, { signal, timeoutMs, offline }: CommandOptions): void {
    const refuse = (code: ClientErrorCode, message: string): void =>
      open.reject(new PbxError(code, "not_executed", open.commandId, message));
    if (signal?.aborted === true) return refuse("ABORTED", "Taken back before it was sent.");
    if (new TextEncoder().encode(open.frame).length > maximumFrameBytes) {
      return refuse("TOO_LARGE", `A command may have ${maximumFrameBytes} bytes.`);
    }
    if (this.#open.size >= openCommandLimit) return refuse("BUSY", `${openCommandLimit} commands are open already.`);
    const readiness = open.isInternal ? "ready" : this.#options.readiness();
    if (readiness === "closed") return refuse("CLOSED", "The client is closed; call connect() first.");
    const patience = this.#patience(open, readiness, offline);
    if (readiness === "offline" && patience === undefined) return refuse("OFFLINE", offlineText);
    this.#open.set(open.commandId, open);
    this.#changed();
    const { clock } = this.#options;
    const late = timeoutMs ?? this.#options.timeoutMs;
    const limit = readiness === "ready" ? late : late + (patience ?? 0);
    open.cancels.push(
      clock.after(limit, () =>
        this.#fail(open, "TIMED_OUT", open.wasSent ? "unknown" : "not_executed", `No answer within ${limit} ms.`),
      ),
    );
    if (signal !== undefined) {
      const abort = (): void =>
        this.#fail(open, "ABORTED", open.wasSent ? "unknown" : "not_executed", "The application stopped waiting.");
      signal.addEventListener("abort", abort, { once: true });
      open.cancels.push(() => signal.removeEventListener("abort", abort));
    }
    if (readiness === "ready") this.#send(open);
    else if (patience !== undefined) {
      open.cancels.push(
        clock.after(patience, () => {
          if (!open.wasSent) this.#fail(open, "OFFLINE", "not_executed", offlineText);
        }),
      );
    }
  }

  /** How long it waits for a connection; a later command on the same target replaces an earlier one ([K3]). */
  #patience(open: Open, readiness: string, offline: CommandOptions["offline"]): number | undefined {
    if (offline === undefined || open.target === undefined) return readiness === "soon" ? shortWaitMs : undefined;
    for (const other of this.#open.values()) {
      if (other.wasSent || other.target !== open.target) continue;
      this.#fail(other, "SUPERSEDED", "not_executed", "A later command for the same target took its place.");
    }
    return Math.min(longestWaitMs, Math.max(shortWaitMs, offline.waitMs));
  }

  #send(open: Open): void {
    if (this.#options.send(open.frame)) open.wasSent = true;
  }

  #take(commandId: string): Open | undefined {
    const open = this.#open.get(commandId);
    if (open === undefined) return undefined;
    this.#open.delete(commandId);
    for (const cancel of open.cancels) cancel();
    this.#changed();
    return open;
  }

  #fail({ commandId }: Open, code: ClientErrorCode, outcome: FailureOutcome, message: string): void {
    this.#take(commandId)?.reject(new PbxError(code, outcome, commandId, message));
  }
}

const offlineText = "There is no connection to the server.";

function targetOf(command: CommandName, params: object): string | undefined {
  const field = patientCommands[command];
  if (field === undefined) return undefined;
  return `${command} ${String(Object.entries(params).find(([name]) => name === field)?.[1] ?? "")}`;
}
