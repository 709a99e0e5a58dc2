import {
  type AnswerFrame,
  type CommandId,
  type CommandName,
  type ParamsOf,
  maximumFrameBytes,
} from "@pbx-x/protocol/runtime";
import type { ConnectionState } from "../connection/connection-state.ts";
import { Listeners } from "../events/listeners.ts";
import type { Clock } from "../platform/clock.ts";
import { commandPromise, type Answered, type CommandPromise } from "./command-promise.ts";
import { patientCommands, repeatableCommands } from "./command-lists.ts";
import { type ClientErrorCode, PbxError } from "./pbx-error.ts";

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
  readonly at: () => ConnectionState["at"];
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
  answered: Promise<Answered>;
  readonly resolve: (answered: Answered) => void;
  readonly reject: (error: PbxError) => void;
}

/** Sends commands and settles each of them, whatever happens ([K2]). */
export class Commander {
  readonly #options: CommanderOptions;
  readonly #open = new Map<string, Open>();
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
    const answered = this.begin(commandId, command, params, options, isInternal);
    return commandPromise<C>({
      commandId,
      callId: callId as CommandPromise<C>["callId"],
      answered,
      untilVisible: this.#options.untilVisible,
    });
  }

  /** A repeat of one that is open waits for the same answer: one id is one command ([W4], [K2]). */
  begin(
    commandId: CommandId,
    command: CommandName,
    params: object,
    options: CommandOptions = {},
    isInternal = false,
  ): Promise<Answered> {
    const known = this.#open.get(commandId);
    if (known !== undefined) return known.answered;
    const frame = JSON.stringify({ id: commandId, command, params });
    const target = targetOf(command, params);
    const open = {
      commandId,
      command,
      params,
      frame,
      target,
      isInternal,
      cancels: [],
      wasSent: false,
    } as Partial<Open>;
    open.answered = new Promise((resolve, reject) => Object.assign(open, { resolve, reject }));
    open.answered.catch(() => undefined);
    // Whole now that its promise is made.
    this.#start(open as Open, options);
    return open.answered;
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
      else this.#fail(open, "CONNECTION_LOST", lostText);
    }
  }

  /** The client's own commands end with their connection. */
  onLost(): void {
    this.#failAll((open) => open.isInternal, "CONNECTION_LOST", lostText);
  }

  /** No connection for longer than a command may wait ([K3]). */
  onOffline(): void {
    this.#failAll(({ wasSent, target }) => !wasSent && target === undefined, "OFFLINE", offlineText);
  }

  onClosed(): void {
    this.#failAll(() => true, "CLOSED", closedText);
  }

  #failAll(which: (open: Open) => boolean, code: ClientErrorCode, message: string): void {
    for (const open of [...this.#open.values()].filter(which)) this.#fail(open, code, message);
  }

  #start(open: Open, { signal, timeoutMs, offline }: CommandOptions): void {
    const refuse = (code: ClientErrorCode, message: string): void => this.#fail(open, code, message);
    if (signal?.aborted === true) return refuse("ABORTED", "Not sent.");
    if (new TextEncoder().encode(open.frame).length > maximumFrameBytes) {
      return refuse("TOO_LARGE", `A command may have ${maximumFrameBytes} bytes.`);
    }
    if (this.#open.size >= openCommandLimit) return refuse("BUSY", `${openCommandLimit} commands are open already.`);
    const at = open.isInternal ? "live" : this.#options.at();
    if (at === "idle" || at === "closed") return refuse("CLOSED", closedText);
    const patience = this.#patience(open, at, offline);
    if (at === "offline" && patience === undefined) return refuse("OFFLINE", offlineText);
    this.#open.set(open.commandId, open);
    this.#changed();
    const { clock } = this.#options;
    const late = timeoutMs ?? this.#options.timeoutMs;
    const limit = at === "live" ? late : late + (patience ?? 0);
    open.cancels.push(clock.after(limit, () => this.#fail(open, "TIMED_OUT", `No answer within ${limit} ms.`)));
    if (signal !== undefined) {
      const abort = (): void => this.#fail(open, "ABORTED", "No longer waited for.");
      signal.addEventListener("abort", abort, { once: true });
      open.cancels.push(() => signal.removeEventListener("abort", abort));
    }
    if (at === "live") this.#send(open);
    else if (patience !== undefined) {
      open.cancels.push(
        clock.after(patience, () => {
          if (!open.wasSent) this.#fail(open, "OFFLINE", offlineText);
        }),
      );
    }
  }

  /** How long it waits for a connection; a later command on the same target replaces an earlier one ([K3]). */
  #patience(open: Open, at: ConnectionState["at"], offline: CommandOptions["offline"]): number | undefined {
    if (offline === undefined || open.target === undefined) {
      return at === "connecting" || at === "resuming" ? shortWaitMs : undefined;
    }
    for (const other of this.#open.values()) {
      if (other.wasSent || other.target !== open.target) continue;
      this.#fail(other, "SUPERSEDED", "A later command replaced it.");
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

  #fail({ commandId, wasSent, reject }: Open, code: ClientErrorCode, message: string): void {
    this.#take(commandId);
    reject(new PbxError(code, wasSent ? "unknown" : "not_executed", commandId, message));
  }
}

const lostText = "The connection was lost before the answer.";
const closedText = "The client is closed; call connect().";
const offlineText = "No connection to the server.";

function targetOf(command: CommandName, params: object): string | undefined {
  const field = patientCommands[command];
  if (field === undefined) return undefined;
  return `${command} ${String((params as Readonly<Record<string, unknown>>)[field])}`;
}
