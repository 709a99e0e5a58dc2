import type { SipRequest } from "../message/message.ts";
import { type NameAddr, parseNameAddr } from "../message/name-addr.ts";
import { parseUri, printUri, uriEquals } from "../message/uri.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Remote } from "../transport/transport.ts";
import type { BindingEvent, SipBinding } from "./binding.ts";

export interface RegistrarOptions {
  readonly scheduler: Scheduler;
  readonly newId: () => string;
  readonly onEvent: (event: BindingEvent) => void;
  /** Seconds. */
  readonly minExpires?: number;
  readonly maxExpires?: number;
  readonly defaultExpires?: number;
  /** Of one address of record; default 10. */
  readonly maxBindings?: number;
}

/** What the REGISTER is answered with. */
export type RegisterAnswer =
  | {
      readonly status: 200;
      readonly contacts: readonly string[];
      /** To be given back as it came (RFC 3327 §5.3). */
      readonly path: readonly string[];
    }
  | { readonly status: 400; readonly detail: string }
  | { readonly status: 403; readonly detail: string }
  | { readonly status: 423; readonly minExpires: number }
  | { readonly status: 500; readonly detail: string };

interface Kept {
  readonly binding: SipBinding;
  readonly cancelExpiry: () => void;
}

/** Bindings per address of record (RFC 3261 §10.3), after the request was authenticated. */
export class Registrar {
  readonly #options: RegistrarOptions;
  readonly #min: number;
  readonly #max: number;
  readonly #default: number;
  readonly #byAor = new Map<string, Map<string, Kept>>();
  readonly #byId = new Map<string, SipBinding>();
  readonly #byPlace = new Map<string, number>();

  constructor(options: RegistrarOptions) {
    this.#options = options;
    this.#min = options.minExpires ?? 60;
    this.#max = options.maxExpires ?? 3600;
    this.#default = options.defaultExpires ?? 300;
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): SipBinding | undefined {
    return this.#byId.get(id);
  }

  bindingsOf(aor: string): readonly SipBinding[] {
    return [...(this.#byAor.get(aor)?.values() ?? [])].map(({ binding }) => binding);
  }

  /** Whether a device is registered from this very address and port; such a source is not a stranger. */
  isKnownPlace(address: string, port: number): boolean {
    return this.#byPlace.has(`${address}|${port}`);
  }

  all(): Iterable<SipBinding> {
    return this.#byId.values();
  }

  /** @param maximum devices of this address of record; else as for all */
  register(
    aor: string,
    request: SipRequest,
    remote: Remote,
    maximum = this.#options.maxBindings ?? 10,
  ): RegisterAnswer {
    const values = request.headers.list("Contact");
    if (values.length === 1 && values[0] === "*") return this.#unregisterAll(aor, request);
    const contacts = values.map((value) => parseNameAddr(value));
    if (contacts.some((contact) => contact === undefined)) return { status: 400, detail: "malformed Contact" };
    const wanted = contacts.flatMap((contact) => contact ?? []).map((contact) => this.#wish(contact, request));
    if (wanted.some(({ seconds }) => seconds === undefined)) return { status: 400, detail: "malformed expires" };
    const isTooBrief = wanted.some(({ seconds = 0 }) => seconds > 0 && seconds < this.#min);
    if (isTooBrief) return { status: 423, minExpires: this.#min };
    const kept = this.bindingsOf(aor);
    for (const { contact } of wanted) {
      const same = this.#same(kept, contact);
      if (same?.callId === request.callId && request.cseq.number <= same.cseq) {
        return { status: 500, detail: "CSeq out of order" };
      }
    }
    const added = wanted.filter(({ contact, seconds }) => seconds !== 0 && this.#same(kept, contact) === undefined);
    if (kept.length + added.length > maximum) {
      return { status: 403, detail: `at most ${maximum} devices of one extension` };
    }
    for (const { contact, seconds = 0 } of wanted) this.#take(aor, contact, seconds, request, remote);
    return { status: 200, contacts: this.#contactsOf(aor), path: request.headers.list("Path") };
  }

  /** By an administrator. */
  remove(id: string): boolean {
    const binding = this.#byId.get(id);
    if (binding !== undefined) this.#drop(binding, "forced");
    return binding !== undefined;
  }

  /** A connection ended: what was reached over it is gone. */
  flowClosed(flowId: string): void {
    for (const binding of this.#byId.values()) if (binding.remote.flowId === flowId) this.#drop(binding, "flow_lost");
  }

  /** Gives back a binding kept over a restart; false when it has expired or hung on a connection. */
  restore(binding: SipBinding): boolean {
    if (binding.remote.flowId !== undefined || binding.expiresAtMs <= this.#options.scheduler.now()) return false;
    this.#keep(binding);
    this.#options.onEvent({ type: "added", binding });
    return true;
  }

  close(): void {
    for (const devices of this.#byAor.values()) for (const { cancelExpiry } of devices.values()) cancelExpiry();
    this.#byAor.clear();
    this.#byId.clear();
    this.#byPlace.clear();
  }

  #unregisterAll(aor: string, request: SipRequest): RegisterAnswer {
    if (request.headers.get("Expires")?.trim() !== "0") return { status: 400, detail: "* needs Expires: 0" };
    const bindings = this.bindingsOf(aor);
    const isLate = bindings.some(({ callId, cseq }) => callId === request.callId && request.cseq.number <= cseq);
    if (isLate) return { status: 500, detail: "CSeq out of order" };
    for (const binding of bindings) this.#drop(binding, "unregistered");
    return { status: 200, contacts: [], path: [] };
  }

  #wish(contact: NameAddr, request: SipRequest): { readonly contact: NameAddr; readonly seconds: number | undefined } {
    const text = contact.params.get("expires") ?? request.headers.get("Expires")?.trim();
    if (text === undefined || text === true) return { contact, seconds: this.#default };
    if (!/^\d{1,10}$/.test(text)) return { contact, seconds: undefined };
    return { contact, seconds: Math.min(Number(text), this.#max) };
  }

  /** The same device: same instance where it tells one, else an equal URI (§10.3 step 7, RFC 5626 §6). */
  #same(kept: readonly SipBinding[], contact: NameAddr): SipBinding | undefined {
    const instance = contact.params.get("+sip.instance");
    const regId = contact.params.get("reg-id");
    const instanceId =
      typeof instance === "string" ? `${instance}${typeof regId === "string" ? `;${regId}` : ""}` : undefined;
    return kept.find((binding) => {
      if (instanceId !== undefined && binding.instanceId !== undefined) return binding.instanceId === instanceId;
      const uri = parseUri(binding.contactUri);
      return uri !== undefined && uriEquals(uri, contact.uri);
    });
  }

  #take(aor: string, contact: NameAddr, seconds: number, request: SipRequest, remote: Remote): void {
    const before = this.#same(this.bindingsOf(aor), contact);
    if (seconds === 0) {
      if (before !== undefined) this.#drop(before, "unregistered");
      return;
    }
    const instance = contact.params.get("+sip.instance");
    const regId = contact.params.get("reg-id");
    const q = Number(contact.params.get("q") ?? 1);
    const binding: SipBinding = {
      id: before?.id ?? this.#options.newId(),
      aor,
      contactUri: printUri(contact.uri),
      remote,
      userAgent: request.headers.get("User-Agent")?.slice(0, 256) ?? "",
      callId: request.callId,
      cseq: request.cseq.number,
      q: q >= 0 && q <= 1 ? q : 1,
      expiresAtMs: this.#options.scheduler.now() + seconds * 1000,
      ...(typeof instance === "string" && {
        instanceId: `${instance}${typeof regId === "string" ? `;${regId}` : ""}`,
      }),
      path: request.headers.list("Path"),
      allowEvents: request.headers.list("Allow-Events"),
    };
    this.#keep(binding);
    this.#options.onEvent({ type: before === undefined ? "added" : "refreshed", binding });
  }

  #keep(binding: SipBinding): void {
    this.#forget(binding);
    const devices = this.#byAor.get(binding.aor) ?? new Map<string, Kept>();
    const delayMs = binding.expiresAtMs - this.#options.scheduler.now();
    const cancelExpiry = this.#options.scheduler.after(delayMs, () => this.#drop(binding, "expired"));
    devices.set(binding.id, { binding, cancelExpiry });
    this.#byAor.set(binding.aor, devices);
    this.#byId.set(binding.id, binding);
    const place = `${binding.remote.address}|${binding.remote.port}`;
    this.#byPlace.set(place, (this.#byPlace.get(place) ?? 0) + 1);
  }

  #forget({ aor, id }: SipBinding): boolean {
    const devices = this.#byAor.get(aor);
    const kept = devices?.get(id);
    if (devices === undefined || kept === undefined) return false;
    kept.cancelExpiry();
    devices.delete(id);
    if (devices.size === 0) this.#byAor.delete(aor);
    this.#byId.delete(id);
    const place = `${kept.binding.remote.address}|${kept.binding.remote.port}`;
    const left = (this.#byPlace.get(place) ?? 1) - 1;
    if (left > 0) this.#byPlace.set(place, left);
    else this.#byPlace.delete(place);
    return true;
  }

  #drop(binding: SipBinding, reason: "unregistered" | "expired" | "forced" | "flow_lost"): void {
    if (this.#forget(binding)) this.#options.onEvent({ type: "removed", binding, reason });
  }

  #contactsOf(aor: string): readonly string[] {
    const now = this.#options.scheduler.now();
    return this.bindingsOf(aor).map(
      ({ contactUri, expiresAtMs }) => `<${contactUri}>;expires=${Math.max(0, Math.round((expiresAtMs - now) / 1000))}`,
    );
  }
}
