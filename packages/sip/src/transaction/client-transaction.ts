import { createRequest } from "../message/build.ts";
import type { SipRequest, SipResponse } from "../message/message.ts";
import { printMessage } from "../message/printer.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Remote } from "../transport/transport.ts";
import { type ClientInviteState, stepClientInvite } from "./client-invite.ts";
import { type ClientNonInviteState, stepClientNonInvite } from "./client-non-invite.ts";
import type { MachineEffect, MachineOptions } from "./timers.ts";

export interface ClientTransactionEvents {
  /** Each provisional answer, then exactly one outcome: a final answer or a failure (2xx to INVITE may repeat). */
  readonly onResponse: (response: SipResponse) => void;
  readonly onFailure: (failure: "timeout" | "transport_error") => void;
}

export interface TransactionSurroundings {
  readonly scheduler: Scheduler;
  readonly machine: MachineOptions;
  readonly send: (bytes: Uint8Array, remote: Remote, onError: (error: Error) => void) => void;
  readonly onTerminated: () => void;
}

/** The same request for another way, with the same branch, where nobody can be reached on the first one. */
export interface FallbackWay {
  readonly request: SipRequest;
  readonly remote: Remote;
  readonly machine: MachineOptions;
}

type ClientTimer = "A" | "B" | "D" | "M" | "E" | "F" | "K";
type Input =
  | { readonly type: "start" }
  | { readonly type: "response"; readonly status: number }
  | { readonly type: "timer"; readonly timer: ClientTimer }
  | { readonly type: "cancelled" }
  | { readonly type: "given_up" }
  | { readonly type: "transport_error" };

/** One request of ours on its way, INVITE or other. */
export class ClientTransaction {
  #events: ClientTransactionEvents;
  readonly #around: TransactionSurroundings;
  readonly #timers = new Map<string, () => void>();
  #request: SipRequest;
  #remote: Remote;
  #machine: MachineOptions;
  #bytes: Uint8Array;
  #fallback: FallbackWay | undefined;
  #invite: ClientInviteState | undefined;
  #other: ClientNonInviteState | undefined;
  #response: SipResponse | undefined;
  #isAbandoned = false;

  constructor(
    request: SipRequest,
    remote: Remote,
    events: ClientTransactionEvents,
    around: TransactionSurroundings,
    fallback?: FallbackWay,
  ) {
    this.#request = request;
    this.#remote = remote;
    this.#events = events;
    this.#around = around;
    this.#machine = around.machine;
    this.#bytes = printMessage(request);
    this.#fallback = fallback;
    this.#begin();
  }

  /** As it is on its way now. */
  get request(): SipRequest {
    return this.#request;
  }

  get remote(): Remote {
    return this.#remote;
  }

  start(): void {
    this.#step({ type: "start" });
  }

  receive(response: SipResponse): void {
    this.#response = response;
    this.#step({ type: "response", status: response.status });
  }

  /** INVITE: a CANCEL was sent; without a final answer it times out 64 × T1 from now. */
  cancelled(): void {
    if (this.#invite !== undefined) this.#step({ type: "cancelled" });
  }

  /** INVITE: nobody waits for it any more, and nothing came yet: it is soon not sent again. */
  giveUp(): void {
    if (this.#invite !== undefined) this.#step({ type: "given_up" });
  }

  /** Stops silently; for closing down. */
  abandon(): void {
    this.#isAbandoned = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  #begin(): void {
    const first = { intervalMs: this.#machine.timers.t1 };
    if (this.#request.method === "INVITE") this.#invite = { at: "calling", ...first };
    else this.#other = { at: "trying", ...first };
  }

  #onSendError(): void {
    const fallback = this.#fallback;
    this.#fallback = undefined;
    if (fallback === undefined || this.#response !== undefined || this.#isAbandoned) {
      this.#step({ type: "transport_error" });
      return;
    }
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#request = fallback.request;
    this.#remote = fallback.remote;
    this.#machine = fallback.machine;
    this.#bytes = printMessage(fallback.request);
    this.#begin();
    this.start();
  }

  #step(input: Input): void {
    if (this.#isAbandoned) return;
    const machine = this.#machine;
    let effects: readonly MachineEffect<ClientTimer>[];
    let isOver: boolean;
    if (this.#invite !== undefined) {
      if (input.type === "timer" && !isInviteTimer(input.timer)) return;
      const step = stepClientInvite(this.#invite, input as Parameters<typeof stepClientInvite>[1], machine);
      this.#invite = step.state;
      effects = step.effects;
      isOver = step.state.at === "terminated";
    } else {
      const step = stepClientNonInvite(
        this.#other ?? { at: "terminated" },
        input as Parameters<typeof stepClientNonInvite>[1],
        machine,
      );
      this.#other = step.state;
      effects = step.effects;
      isOver = step.state.at === "terminated";
    }
    if (isOver) {
      for (const cancel of this.#timers.values()) cancel();
      this.#timers.clear();
      this.#around.onTerminated();
    }
    for (const effect of effects) this.#carryOut(effect);
  }

  #report(response: SipResponse): void {
    this.#events.onResponse(response);
    // It lives on to swallow repetitions; whoever asked need not. Only a 2xx of an INVITE is told again.
    if (response.status >= 200 && this.#invite === undefined) this.#events = nobody;
  }

  #send(): void {
    const way = this.#remote;
    // An error of the first way that is told late says nothing about the second.
    this.#around.send(this.#bytes, way, () => {
      if (way === this.#remote) this.#onSendError();
    });
  }

  #carryOut(effect: MachineEffect<ClientTimer>): void {
    switch (effect.do) {
      case "send":
        this.#send();
        return;
      case "acknowledge":
        if (this.#response !== undefined) {
          this.#around.send(printMessage(ackFor(this.#request, this.#response)), this.#remote, () => undefined);
        }
        return;
      case "start":
        this.#timers.get(effect.timer)?.();
        this.#timers.set(
          effect.timer,
          this.#around.scheduler.after(effect.afterMs, () => this.#step({ type: "timer", timer: effect.timer })),
        );
        return;
      case "stop":
        this.#timers.get(effect.timer)?.();
        this.#timers.delete(effect.timer);
        return;
      case "report":
        if (effect.what === "message") {
          if (this.#response !== undefined) this.#report(this.#response);
        } else this.#events.onFailure(effect.what);
        return;
    }
  }
}

const nobody: ClientTransactionEvents = { onResponse: () => undefined, onFailure: () => undefined };

function isInviteTimer(timer: ClientTimer): boolean {
  return timer === "A" || timer === "B" || timer === "D" || timer === "M";
}

/** ACK of a non-2xx answer: within the INVITE's own transaction (RFC 3261 §17.1.1.3). */
function ackFor(invite: SipRequest, response: SipResponse): SipRequest {
  return createRequest({
    method: "ACK",
    uri: invite.uri,
    via: invite.via.slice(0, 1),
    from: invite.from,
    to: response.to,
    callId: invite.callId,
    cseq: invite.cseq.number,
    headers: invite.headers.getAll("Route").map((value) => ({ name: "Route", value })),
  });
}
