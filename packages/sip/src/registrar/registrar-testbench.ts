import { createRequest } from "../message/build.ts";
import type { SipRequest } from "../message/message.ts";
import { sipUri } from "../message/uri.ts";
import { createManualScheduler } from "../testing/manual-scheduler.ts";
import type { Remote } from "../transport/transport.ts";
import type { BindingEvent } from "./binding.ts";
import { Registrar, type RegistrarOptions } from "./registrar.ts";

export const aor = "ext-100";
export const home: Remote = { transport: "udp", address: "192.0.2.7", port: 5060 };

export interface RegisterTraits {
  readonly contact?: string | readonly string[];
  readonly expires?: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

let lastCSeq = 0;

export function registerOf({
  contact = [],
  expires,
  callId = "reg-1",
  cseq,
  headers = {},
}: RegisterTraits): SipRequest {
  const self = { uri: sipUri({ user: "100", host: "pbx.test" }), params: new Map() };
  lastCSeq += 1;
  return createRequest({
    method: "REGISTER",
    uri: sipUri({ host: "pbx.test" }),
    from: self,
    to: self,
    callId,
    cseq: cseq ?? lastCSeq,
    headers: [
      ...[contact].flat().map((value) => ({ name: "Contact", value })),
      ...(expires === undefined ? [] : [{ name: "Expires", value: expires }]),
      ...Object.entries(headers).map(([name, value]) => ({ name, value })),
    ],
  });
}

/** A registrar with a clock of its own; what it tells is noted. */
export function createRegistrarBench(options: Partial<RegistrarOptions> = {}) {
  const scheduler = createManualScheduler(0);
  const events: BindingEvent[] = [];
  let ids = 0;
  const registrar = new Registrar({
    scheduler,
    newId: () => {
      ids += 1;
      return `binding-${ids}`;
    },
    onEvent: (event) => void events.push(event),
    ...options,
  });
  return {
    scheduler,
    registrar,
    events,
    register: (traits: RegisterTraits, remote: Remote = home) => registrar.register(aor, registerOf(traits), remote),
    told: () => events.map(({ type, binding, ...rest }) => [type, binding.id, ...Object.values(rest)]),
  };
}
