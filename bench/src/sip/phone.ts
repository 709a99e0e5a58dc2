import { randomBytes } from "node:crypto";
import { openUdp } from "@pbx-x/sip";
import { Phone, realScheduler } from "@pbx-x/sip/testing";

export interface PhonePlan {
  readonly number: string;
  readonly password?: string;
  /** `host:port` of the PBX. */
  readonly pbx: string;
  /** Default: any. */
  readonly port?: number;
}

/** The SIP package's programmable phone by UDP. */
export function openPhone({ number, password, pbx, port = 0 }: PhonePlan): Promise<Phone> {
  const [address = "127.0.0.1", pbxPort = "5060"] = pbx.split(":");
  return Phone.open({
    scheduler: realScheduler,
    randomText: () => randomBytes(8).toString("hex"),
    user: number,
    ...(password !== undefined && { password }),
    server: { transport: "udp", address, port: Number(pbxPort) },
    transports: [(events) => openUdp({ host: "127.0.0.1", port }, events)],
  });
}
