import { createResponse, type ResponseParts } from "../message/build.ts";
import type { SipRequest, SipResponse } from "../message/message.ts";
import { tagOf } from "../message/name-addr.ts";
import { printMessage } from "../message/printer.ts";
import type { Remote } from "../transport/transport.ts";
import type { TransactionSurroundings } from "./client-transaction.ts";
import { type ServerInviteState, stepServerInvite } from "./server-invite.ts";
import { type ServerNonInviteState, stepServerNonInvite } from "./server-non-invite.ts";
import type { MachineEffect } from "./timers.ts";

/** An INVITE without any answer by then gets 100 (RFC 3261 §17.2.1). */
const tryingAfterMs = 200;

type ServerTimer = "G" | "H" | "I" | "L" | "J";
type Input =
  | { readonly type: "retransmission" }
  | { readonly type: "ack" }
  | { readonly type: "respond"; readonly status: number }
  | { readonly type: "timer"; readonly timer: ServerTimer }
  | { readonly type: "transport_error" };

export interface ServerSurroundings extends TransactionSurroundings {
  readonly newTag: () => string;
}

/** One request of the far side that waits for its answer, INVITE or other. */
export class ServerTransaction {
  readonly request: SipRequest;
  readonly remote: Remote;
  /** INVITE: the caller gave up before a final answer; the one who handles the INVITE sets it. */
  onCancel: ((cancel: SipRequest) => void) | undefined;
  /** INVITE: the final answer was never acknowledged, or could not be sent. */
  onFailure: ((failure: "timeout" | "transport_error") => void) | undefined;
  readonly #around: ServerSurroundings;
  readonly #timers = new Map<string, () => void>();
  #invite: ServerInviteState | undefined;
  #other: ServerNonInviteState | undefined;
  #last: Uint8Array | undefined;
  #tag: string | undefined;
  #finalStatus = 0;
  #isAbandoned = false;

  constructor(request: SipRequest, remote: Remote, around: ServerSurroundings) {
    this.request = request;
    this.remote = remote;
    this.#around = around;
    if (request.method === "INVITE") {
      this.#invite = { at: "proceeding", hasAnswered: false };
      this.#timers.set(
        "trying",
        around.scheduler.after(tryingAfterMs, () => void this.respond(100)),
      );
    } else this.#other = { at: "trying" };
  }

  /** 0 until a final answer was given. */
  get finalStatus(): number {
    return this.#finalStatus;
  }

  /** Answers, with a To tag of its own where none is given; after a final answer further ones are ignored, except the 2xx again. */
  respond(status: number, parts: ResponseParts = {}): SipResponse {
    const tagged = status === 100 || parts.toTag !== undefined ? parts : { ...parts, toTag: this.#ownTag() };
    const response = createResponse(this.request, status, tagged);
    this.send(response);
    return response;
  }

  send(response: SipResponse): void {
    const { status } = response;
    if (this.#finalStatus !== 0 && !(this.#finalStatus < 300 && status < 300 && status >= 200)) return;
    this.#timers.get("trying")?.();
    this.#timers.delete("trying");
    if (status >= 200) this.#finalStatus = status;
    this.#last = printMessage(response);
    this.#step({ type: "respond", status });
  }

  #ownTag(): string {
    this.#tag ??= this.#around.newTag();
    return this.#tag;
  }

  receiveAgain(): void {
    // Inside a dialog nobody sends the 2xx again by the clock: the repeated INVITE says that it was lost.
    const isLost = this.#invite?.at === "accepted" && tagOf(this.request.to) !== undefined;
    if (isLost && !this.#isAbandoned) this.#carryOut({ do: "send" });
    else this.#step({ type: "retransmission" });
  }

  receiveAck(): void {
    this.#step({ type: "ack" });
  }

  abandon(): void {
    this.#isAbandoned = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  #step(input: Input): void {
    if (this.#isAbandoned) return;
    const { machine } = this.#around;
    let effects: readonly MachineEffect<ServerTimer>[];
    let isOver: boolean;
    if (this.#invite !== undefined) {
      const step = stepServerInvite(this.#invite, input as Parameters<typeof stepServerInvite>[1], machine);
      this.#invite = step.state;
      effects = step.effects;
      isOver = step.state.at === "terminated";
    } else {
      if (input.type === "ack") return;
      const step = stepServerNonInvite(
        this.#other ?? { at: "terminated" },
        input as Parameters<typeof stepServerNonInvite>[1],
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

  #carryOut(effect: MachineEffect<ServerTimer>): void {
    switch (effect.do) {
      case "send":
        if (this.#last !== undefined) {
          this.#around.send(this.#last, this.remote, () => this.#step({ type: "transport_error" }));
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
        if (effect.what !== "message") this.onFailure?.(effect.what);
        return;
      case "acknowledge":
        return;
    }
  }
}
