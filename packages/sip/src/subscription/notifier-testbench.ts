import { createManualScheduler } from "../testing/manual-scheduler.ts";
import { createMemoryNetwork } from "../testing/memory-network.ts";
import { Phone, type SubscribeOptions } from "../testing/phone.ts";
import { type Notification, PhoneSubscription } from "../testing/phone-subscription.ts";
import { createSeededRandom } from "../testing/seeded-random.ts";
import type { SipResponse } from "../message/message.ts";
import type { TransportName } from "../transport/transport.ts";
import { Endpoint } from "../user-agent/endpoint.ts";
import { Notifier, type NotifierOptions } from "./notifier.ts";
import type { WatchedDialog, WatchedState } from "./watched-state.ts";

export const idle: WatchedState = { displayName: "Lisa Weber", dialogs: [], presence: { status: "available" } };

export function call(
  dialogId: string,
  state: WatchedDialog["state"],
  more: Partial<WatchedDialog> = {},
): WatchedDialog {
  return { dialogId, direction: "recipient", state, isHeld: false, ...more };
}

export function busy(...dialogs: readonly WatchedDialog[]): WatchedState {
  return { ...idle, dialogs };
}

export type Options = Omit<NotifierOptions, "endpoint"> & { readonly transport?: TransportName };

/** A notifier at 192.0.2.1 that trusts everybody, and one watching phone at 192.0.2.2, on a network and a clock of their own. */
export async function openNotifier({ transport = "udp", ...options }: Options = {}) {
  const scheduler = createManualScheduler(0);
  const network = createMemoryNetwork(scheduler);
  const random = createSeededRandom(1);
  const randomText = (): string => random.text();
  const endpoint = new Endpoint({
    scheduler,
    randomText,
    userAgent: "Notifier",
    onRequest: (transaction) => notifier.subscribe(transaction, "200", "200"),
    onFlowClosed: (flowId) => notifier.flowClosed(flowId),
  });
  const notifier = new Notifier({ endpoint, ...options });
  endpoint.add(network.open({ transport, host: "192.0.2.1", port: 5060 }, endpoint.events));
  const phone = await Phone.open({
    scheduler,
    randomText,
    user: "200",
    server: { transport, address: "192.0.2.1", port: 5060 },
    transports: [(events) => network.open({ transport, host: "192.0.2.2", port: 5060 }, events)],
  });
  notifier.publish("201", idle);

  async function ask(to: string, options: SubscribeOptions = {}): Promise<SipResponse> {
    const answer = phone.subscribe(to, options);
    scheduler.advance(0);
    const refusal = await answer;
    if (refusal instanceof PhoneSubscription) throw new Error("it was accepted");
    return refusal;
  }

  async function watch(options: SubscribeOptions = {}): Promise<PhoneSubscription> {
    const made = phone.subscribe("201", options);
    scheduler.advance(0);
    const subscription = await made;
    if (!(subscription instanceof PhoneSubscription)) throw new Error(`refused: ${subscription.status}`);
    return subscription;
  }

  /** After the phone's answer has come back. */
  async function final(answer: Promise<SipResponse>): Promise<SipResponse> {
    scheduler.advance(0);
    return answer;
  }

  return { scheduler, network, endpoint, notifier, phone, ask, watch, final };
}

/** `version state: dialog states`, of a dialog-info document. */
export function summary({ body }: Notification): string {
  const head = /version="(\d+)" state="(\w+)"/.exec(body);
  const states = [...body.matchAll(/<dialog id="([^"]*)"[^>]*>\s*<state>(\w+)/g)].map(
    ([, id, state]) => `${id} ${state}`,
  );
  return `${head?.[1]} ${head?.[2]}: ${states.join(", ")}`;
}
