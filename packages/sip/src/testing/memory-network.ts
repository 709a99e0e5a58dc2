import type { Scheduler } from "../scheduler.ts";
import {
  isReliable,
  type Remote,
  type Transport,
  type TransportEvents,
  type TransportName,
} from "../transport/transport.ts";
import { createSeededRandom } from "./seeded-random.ts";

/** How the network treats datagrams; connections lose and reorder nothing, they are only delayed. */
export interface NetworkConditions {
  /** 0–1: share of datagrams that never arrive. */
  readonly loss?: number;
  /** 0–1: share of datagrams that arrive twice. */
  readonly duplication?: number;
  readonly delayMs?: number;
  /** Added to the delay of each datagram, 0 up to this; later ones overtake earlier ones. */
  readonly jitterMs?: number;
}

export interface SentMessage {
  readonly atMs: number;
  readonly from: Remote;
  readonly to: Remote;
  readonly bytes: Uint8Array;
  readonly isLost: boolean;
}

export interface MemoryNetwork {
  /** Everything that was sent, lost or not, in order. */
  readonly sent: readonly SentMessage[];
  /** From now on. */
  conditions: NetworkConditions;
  /** Decides over single messages before the conditions do; true loses the message. */
  drop: ((message: Omit<SentMessage, "isLost">) => boolean) | undefined;
  /** Listens at an address of this network; port 0 takes any. Throws when the place is taken. */
  open(place: MemoryPlace, events: TransportEvents): Transport;
}

export interface MemoryPlace {
  readonly transport?: TransportName;
  readonly host?: string;
  readonly port?: number;
}

interface Listener {
  readonly transport: TransportName;
  readonly host: string;
  readonly port: number;
  readonly events: TransportEvents;
  readonly flows: Map<string, Flow>;
}

interface Flow {
  readonly id: string;
  readonly mine: Listener;
  readonly peer: Listener;
  other: Flow | undefined;
}

/** Transports without sockets: what is sent arrives when the scheduler's time has come. The same seed gives the same run. */
export function createMemoryNetwork(
  scheduler: Scheduler,
  { seed = 1, ...initial }: NetworkConditions & { readonly seed?: number } = {},
): MemoryNetwork {
  const random = createSeededRandom(seed);
  const listeners = new Map<string, Listener>();
  const sent: SentMessage[] = [];
  let nextPort = 20_000;
  let nextFlow = 0;

  const network: MemoryNetwork = { sent, conditions: initial, drop: undefined, open };

  function open({ transport = "udp", host = "192.0.2.1", port = 0 }: MemoryPlace, events: TransportEvents): Transport {
    nextPort += 1;
    const listener: Listener = { transport, host, port: port === 0 ? nextPort : port, events, flows: new Map() };
    const key = keyOf(listener.transport, host, listener.port);
    if (listeners.has(key)) throw new Error(`${key} is taken`);
    listeners.set(key, listener);
    let isClosed = false;
    return {
      name: transport,
      isReliable: isReliable(transport),
      host,
      port: listener.port,
      send: (bytes, remote, onError) => {
        if (isClosed) onError(new Error("the transport is closed"));
        else if (isReliable(transport)) sendByFlow(listener, bytes, remote, onError);
        else sendDatagram(listener, bytes, remote);
      },
      closeFlow: (flowId) => endFlow(listener.flows.get(flowId)),
      close: () => {
        isClosed = true;
        for (const flow of listener.flows.values()) endFlow(flow);
        listeners.delete(key);
        return Promise.resolve();
      },
    };
  }

  function sendDatagram(from: Listener, bytes: Uint8Array, to: Remote): void {
    const { loss = 0, duplication = 0, delayMs = 0, jitterMs = 0 } = network.conditions;
    const source: Remote = { transport: from.transport, address: from.host, port: from.port };
    const isLost = note(source, to, bytes, random.next() < loss);
    const copies = random.next() < duplication ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const afterMs = delayMs + random.next() * jitterMs;
      if (isLost) continue;
      scheduler.after(afterMs, () =>
        listeners.get(keyOf(to.transport, to.address, to.port))?.events.onMessage(bytes, source),
      );
    }
  }

  function sendByFlow(from: Listener, bytes: Uint8Array, to: Remote, onError: (error: Error) => void): void {
    const known =
      to.flowId === undefined
        ? [...from.flows.values()].find(({ peer }) => peer.host === to.address && peer.port === to.port)
        : from.flows.get(to.flowId);
    const peer = listeners.get(keyOf(to.transport, to.address, to.port));
    if (known === undefined && (to.flowId !== undefined || peer === undefined)) {
      scheduler.after(0, () => onError(new Error("no connection")));
      return;
    }
    const flow = known ?? connect(from, peer ?? from);
    const source: Remote = {
      transport: from.transport,
      address: from.host,
      port: from.port,
      ...(flow.other !== undefined && { flowId: flow.other.id }),
    };
    if (note(source, to, bytes, false)) return;
    scheduler.after(network.conditions.delayMs ?? 0, () => {
      if (flow.peer.flows.has(flow.other?.id ?? "")) flow.peer.events.onMessage(bytes, source);
    });
  }

  function note(from: Remote, to: Remote, bytes: Uint8Array, isUnlucky: boolean): boolean {
    const message = { atMs: scheduler.now(), from, to, bytes };
    const isLost = (network.drop?.(message) ?? false) || isUnlucky;
    sent.push({ ...message, isLost });
    return isLost;
  }

  function connect(from: Listener, to: Listener): Flow {
    nextFlow += 2;
    const mine: Flow = { id: `${from.transport}-${nextFlow - 1}`, mine: from, peer: to, other: undefined };
    const theirs: Flow = { id: `${to.transport}-${nextFlow}`, mine: to, peer: from, other: mine };
    mine.other = theirs;
    from.flows.set(mine.id, mine);
    to.flows.set(theirs.id, theirs);
    return mine;
  }

  function endFlow(flow: Flow | undefined): void {
    for (const end of [flow, flow?.other]) {
      if (end !== undefined && end.mine.flows.delete(end.id)) end.mine.events.onFlowClosed(end.id);
    }
  }

  return network;
}

function keyOf(transport: TransportName, host: string, port: number): string {
  return `${transport}:${host}:${port}`;
}
