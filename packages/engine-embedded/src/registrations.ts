import {
  type BindingEvent,
  createRequest,
  type Endpoint,
  parseNameAddr,
  parseUri,
  Registrar,
  type ServerTransaction,
  type SipBinding,
  sipUri,
} from "@pbx-x/sip";
import {
  type Binding,
  type BindingId,
  brandId,
  type ExtensionConfiguration,
  type TelephonyEvent,
} from "@pbx-x/telephony";
import type { EmbeddedEngineOptions } from "./options.ts";

/** REGISTER of authenticated phones, and the bindings as the port tells them. */
export class Registrations {
  readonly registrar: Registrar;
  readonly #endpoint: Endpoint;
  readonly #options: EmbeddedEngineOptions;
  readonly #emit: (event: TelephonyEvent) => void;
  readonly #extensionOf = new Map<string, ExtensionConfiguration>();
  /** Devices that refused `talk` until they register anew. */
  readonly #withoutTalk = new Set<string>();
  #stopKeepAlive: (() => void) | undefined;

  constructor(endpoint: Endpoint, options: EmbeddedEngineOptions, emit: (event: TelephonyEvent) => void) {
    this.#endpoint = endpoint;
    this.#options = options;
    this.#emit = emit;
    this.registrar = new Registrar({
      scheduler: options.scheduler,
      newId: options.newId,
      onEvent: (event) => this.#onBinding(event),
      ...options.registration,
    });
  }

  start(): void {
    const everyMs = this.#options.limits?.natKeepAliveMs ?? 25_000;
    const tick = (): void => {
      for (const binding of this.registrar.all()) if (isBehindNat(binding)) this.#keepAlive(binding);
      this.#stopKeepAlive = this.#options.scheduler.after(everyMs, tick);
    };
    this.#stopKeepAlive = this.#options.scheduler.after(everyMs, tick);
  }

  stop(): void {
    this.#stopKeepAlive?.();
    this.registrar.close();
  }

  handle(transaction: ServerTransaction, extension: ExtensionConfiguration): void {
    const { request, remote } = transaction;
    const user = request.to.uri.scheme === "sip" || request.to.uri.scheme === "sips" ? request.to.uri.user : undefined;
    if (user !== extension.number) {
      transaction.respond(403);
      return;
    }
    this.#extensionOf.set(extension.extensionId, extension);
    const answer = this.registrar.register(extension.extensionId, request, remote, extension.maxBindings);
    switch (answer.status) {
      case 200:
        transaction.respond(200, {
          headers: [
            ...answer.contacts.map((value) => ({ name: "Contact", value })),
            ...answer.path.map((value) => ({ name: "Path", value })),
            { name: "Date", value: new Date(this.#options.scheduler.now()).toUTCString() },
          ],
        });
        return;
      case 423:
        transaction.respond(423, { headers: [{ name: "Min-Expires", value: String(answer.minExpires) }] });
        return;
      default:
        this.#options.logger.info(
          { number: extension.number, status: answer.status, detail: answer.detail },
          "REGISTER refused",
        );
        transaction.respond(answer.status);
    }
  }

  get(bindingId: BindingId): SipBinding | undefined {
    return this.registrar.get(bindingId);
  }

  /** The binding of a request's sender: same source, or the Contact it registered. */
  find(extensionId: string, transaction: ServerTransaction): SipBinding | undefined {
    const { remote, request } = transaction;
    const bindings = this.registrar.bindingsOf(extensionId);
    const contact = parseNameAddr(request.headers.get("Contact") ?? "")?.uri;
    return (
      bindings.find((binding) =>
        remote.flowId === undefined
          ? binding.remote.address === remote.address && binding.remote.port === remote.port
          : binding.remote.flowId === remote.flowId,
      ) ??
      bindings.find(
        (binding) =>
          contact !== undefined &&
          "user" in contact &&
          binding.contactUri.includes(`${contact.host}:${contact.port ?? 5060}`),
      )
    );
  }

  restore(binding: Binding, extension: ExtensionConfiguration | undefined): boolean {
    const kept = parseState(binding.engineState);
    if (kept === undefined || extension === undefined) return false;
    this.#extensionOf.set(extension.extensionId, extension);
    return this.registrar.restore({ ...kept, id: binding.bindingId, expiresAtMs: binding.expiresAtMs });
  }

  forgetExtension(extensionId: string): void {
    for (const { id } of this.registrar.bindingsOf(extensionId)) this.registrar.remove(id);
    this.#extensionOf.delete(extensionId);
  }

  /** A device that answered `talk` with a refusal cannot, whatever it said. */
  cannotTalk(bindingId: string): void {
    this.#withoutTalk.add(bindingId);
  }

  allowsTalk(binding: SipBinding): boolean {
    return hasToken(binding.allowEvents, "talk") && !this.#withoutTalk.has(binding.id);
  }

  /** What the device lets itself be told, as far as is known. */
  eventsOf(binding: SipBinding): readonly string[] {
    const isWithout = this.#withoutTalk.has(binding.id);
    return isWithout ? binding.allowEvents.filter((event) => event.toLowerCase() !== "talk") : binding.allowEvents;
  }

  isWithoutTalk(bindingId: string): boolean {
    return this.#withoutTalk.has(bindingId);
  }

  #onBinding(event: BindingEvent): void {
    const { binding } = event;
    if (event.type === "removed") {
      this.#withoutTalk.delete(binding.id);
      this.#emit({
        type: "bindingRemoved",
        bindingId: brandId(binding.id),
        extensionId: brandId(binding.aor),
        reason: event.reason === "flow_lost" ? "expired" : event.reason,
      });
      return;
    }
    this.#emit({ type: event.type === "added" ? "bindingAdded" : "bindingRefreshed", binding: this.#toPort(binding) });
  }

  #toPort(binding: SipBinding): Binding {
    return {
      bindingId: brandId(binding.id),
      extensionId: brandId(binding.aor),
      contactUri: binding.contactUri,
      userAgent: binding.userAgent,
      ipAddress: binding.remote.address,
      port: binding.remote.port,
      transport: binding.remote.transport,
      expiresAtMs: binding.expiresAtMs,
      ...(binding.instanceId !== undefined && { instanceId: binding.instanceId }),
      allowsRemoteTalk: this.allowsTalk(binding),
      allowsRemoteHold: hasToken(binding.allowEvents, "hold"),
      engineState: JSON.stringify(binding),
    };
  }

  #keepAlive(binding: SipBinding): void {
    const uri = parseUri(binding.contactUri);
    if (uri === undefined) return;
    const from = {
      uri: sipUri({ user: "keepalive", host: "pbx-x.invalid" }),
      params: new Map([["tag", this.#endpoint.newTag()]]),
    };
    const request = createRequest({
      method: "OPTIONS",
      uri,
      from,
      to: { uri, params: new Map() },
      callId: this.#endpoint.newCallId(),
      cseq: 1,
    });
    this.#endpoint.request(request, binding.remote, { onResponse: () => undefined, onFailure: () => undefined });
  }
}

function hasToken(values: readonly string[], token: string): boolean {
  return values.some((value) => value.trim().toLowerCase() === token);
}

function isBehindNat({ contactUri, remote }: SipBinding): boolean {
  if (remote.transport !== "udp") return false;
  const uri = parseUri(contactUri);
  return uri !== undefined && "host" in uri && uri.host !== remote.address && uri.host !== `[${remote.address}]`;
}

function parseState(text: string): SipBinding | undefined {
  try {
    // Written by this engine itself and kept by the PBX untouched.
    const value = JSON.parse(text) as Partial<SipBinding>;
    return typeof value.id === "string" && typeof value.aor === "string" && value.remote !== undefined
      ? (value as SipBinding)
      : undefined;
  } catch {
    return undefined;
  }
}
