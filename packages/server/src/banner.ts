import { resolve } from "node:path";
import type { EngineAddresses } from "@pbx-x/telephony";

export interface BannerFacts {
  readonly address: string;
  readonly httpPort: number;
  readonly sip: EngineAddresses;
  /** Passwords have just been made. */
  readonly isFirst: boolean;
  /** The extensions of the demo company were made ([R12]). */
  readonly hasDemo: boolean;
  readonly adminEmail: string;
  readonly dataDir: string;
  readonly version: string;
}

/** What a person sees when the server is up: where it is, and what to do next. */
export function printBanner({
  address,
  httpPort,
  sip,
  isFirst,
  hasDemo,
  adminEmail,
  dataDir,
  version,
}: BannerFacts): string {
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
    hasDemo
      ? `  A phone: server ${address}:${sip.udp}, user 200, the SIP password of 200 from that file.`
      : `  A phone: add an extension in the console; it shows what to enter in the phone.`,
    `  Watch:   npm run pbxx -- login --email ${adminEmail}   and then   npm run pbxx -- watch`,
    "",
    "  Ctrl+C stops it.",
    "",
  ].join("\n");
}
