import {
  createRequest,
  type Endpoint,
  type Notifier,
  parseUri,
  printMessageSummary,
  type ServerTransaction,
  type SipBinding,
} from "@pbx-x/sip";
import { type ExtensionConfiguration, isSameMessages, type WatchedMessages } from "@pbx-x/telephony";
import type { Directory } from "./directory.ts";
import type { Registrations } from "./registrations.ts";

export interface MessageLampsParts {
  readonly endpoint: Endpoint;
  readonly notifier: Notifier;
  readonly registrations: Registrations;
  readonly directory: Directory;
}

/** What is going on with one device; nothing is kept of one that has been told. */
interface Device {
  isBusy: boolean;
  /** Something changed while it was told. */
  isStale: boolean;
  isRefusing: boolean;
}

/** Answers that only mean "not now"; other refusals mean that the device has no such lamp. */
const passingStatuses: ReadonlySet<number> = new Set([401, 407, 408, 480, 486, 487, 491, 500, 503, 504]);
/** Time between two phones that are told after a restart. */
const restoredEveryMs = 20;
const eventName = "message-summary";

/** The lamps of mailboxes at registered phones that did not ask for it: a NOTIFY without a subscription ([L11]). */
export class MessageLamps {
  readonly #parts: MessageLampsParts;
  readonly #messages = new Map<string, WatchedMessages>();
  readonly #devices = new Map<string, Device>();
  readonly #restored: string[] = [];
  #cancelRestored: (() => void) | undefined;

  constructor(parts: MessageLampsParts) {
    this.#parts = parts;
  }

  /** @param messages undefined: the number has no mailbox */
  publish(number: string, messages: WatchedMessages | undefined): void {
    const before = this.#messages.get(number);
    if (messages === undefined) this.#messages.delete(number);
    else this.#messages.set(number, messages);
    if (isSameMessages(before, messages)) return;
    const extension = this.#parts.directory.byNumber(number);
    if (extension === undefined) return;
    for (const binding of this.#parts.registrations.registrar.bindingsOf(extension.extensionId)) {
      this.#tell(binding, number);
    }
  }

  /** After a REGISTER was answered: the device may have lost its lamp meanwhile. */
  registered({ extensionId, number }: ExtensionConfiguration, transaction: ServerTransaction): void {
    const binding = this.#parts.registrations.find(extensionId, transaction);
    if (binding !== undefined && this.#messages.has(number)) this.#tell(binding, number);
  }

  /** After a restart: what was left meanwhile may not be told yet, and the next registration may be an hour away. */
  restored(bindingIds: readonly string[]): void {
    this.#restored.push(...bindingIds);
    if (this.#cancelRestored === undefined) this.#nextRestored();
  }

  forget(bindingId: string): void {
    this.#devices.delete(bindingId);
  }

  close(): void {
    this.#cancelRestored?.();
    this.#restored.length = 0;
  }

  /** One after the other, so that a thousand phones are not told at once. */
  #nextRestored(): void {
    const { registrations, directory, endpoint } = this.#parts;
    this.#cancelRestored = undefined;
    const binding = registrations.registrar.get(this.#restored.shift() ?? "");
    const number = binding && directory.byId(binding.aor)?.number;
    if (binding !== undefined && number !== undefined && (this.#messages.get(number)?.unread ?? 0) > 0) {
      this.#tell(binding, number);
    }
    if (this.#restored.length === 0) return;
    this.#cancelRestored = endpoint.scheduler.after(restoredEveryMs, () => this.#nextRestored());
  }

  #tell(binding: SipBinding, number: string): void {
    const { notifier, endpoint } = this.#parts;
    const device = this.#devices.get(binding.id) ?? { isBusy: false, isStale: false, isRefusing: false };
    const target = parseUri(binding.contactUri);
    if (target === undefined || device.isRefusing || notifier.isTold(binding.aor, eventName, binding.remote)) return;
    if (device.isBusy) {
      device.isStale = true;
      return;
    }
    this.#devices.set(binding.id, device);
    device.isBusy = true;
    const own = endpoint.contactUri(binding.remote, number);
    const domain = "host" in own ? `${own.host}${own.port === undefined ? "" : `:${own.port}`}` : "";
    const over = (status: number): void => {
      device.isBusy = false;
      device.isRefusing = status >= 300 && !passingStatuses.has(status);
      const now = device.isStale ? this.#parts.registrations.registrar.get(binding.id) : undefined;
      device.isStale = false;
      if (now !== undefined) this.#tell(now, number);
      else if (!device.isRefusing) this.forget(binding.id);
    };
    const request = createRequest({
      method: "NOTIFY",
      uri: target,
      from: { uri: own, params: new Map([["tag", endpoint.newTag()]]) },
      to: { uri: target, params: new Map() },
      callId: endpoint.newCallId(),
      cseq: 1,
      headers: [
        ...binding.path.map((value) => ({ name: "Route", value })),
        { name: "Event", value: eventName },
        // There is no subscription that could go on; phones that look for one find it ended.
        { name: "Subscription-State", value: "terminated;reason=noresource" },
      ],
      contentType: "application/simple-message-summary",
      body: printMessageSummary(number, domain, this.#messages.get(number)),
    });
    endpoint.request(request, binding.remote, {
      onResponse: ({ status }) => {
        if (status >= 200) over(status);
      },
      onFailure: () => over(408),
    });
  }
}
