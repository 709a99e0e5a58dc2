import { resolve } from "node:path";
import type { EngineAddresses } from "@pbx-x/telephony";

export interface BannerFacts {
  readonly address: string;
  readonly httpPort: number;
  readonly sip: EngineAddresses;
  /** Passwords have just been made. */
  readonly isFirst: boolean;
  readonly dataDir: string;
  readonly version: string;
}

/** What a person sees when the server is up: where it is, and what to do next. */
export function printBanner({ address, httpPort, sip, isFirst, dataDir, version }: BannerFacts): string {
  const web = `http://${address}:${httpPort}`;
  const tls = sip.tls === undefined ? "" : `, ${address}:${sip.tls} (TLS)`;
  const passwords = resolve(dataDir, "first-start.txt");
  return [
    "",
    `  PBX-X ${version} is running.`,
    "",
    `  Console  ${web}/`,
    `  API      ${web}/api/v1   (readable at ${web}/docs)`,
    `  Socket   ${web.replace("http", "ws")}/ws`,
    `  SIP      ${address}:${sip.udp} (UDP, TCP)${tls}`,
    isFirst ? `  First start: all passwords are in ${passwords}` : `  Passwords of the first start: ${passwords}`,
    "",
    `  A phone: server ${address}:${sip.udp}, user 200, the SIP password of 200 from that file.`,
    "  Watch:   npm run pbxx -- login --email admin@pbx-x.example   and then   npm run pbxx -- watch",
    "",
    "  Ctrl+C stops it.",
    "",
  ].join("\n");
}
