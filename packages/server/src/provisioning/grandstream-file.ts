import { joined, xml } from "./escaped.ts";
import { grandstreamKeys } from "./grandstream-keys.ts";
import type { PhoneFacts } from "./phone-facts.ts";
import { phoneTimeZone } from "./time-zones.ts";

const transports = { udp: 0, tcp: 1, tls: 2 } as const;
const codecs: Readonly<Record<string, number>> = { PCMU: 0, PCMA: 8, G722: 9, opus: 123 };
/** The settings "preferred vocoder" of the first account, in their order. */
const codecSettings = [57, 58, 59, 60, 61, 62, 46, 98];

/** `cfg<mac>.xml` of Grandstream's GXP and GRP, by numbers of settings. */
export function grandstreamFile(facts: PhoneFacts): string {
  const isChecked = facts.isCertificateChecked ? 1 : 0;
  const { protocol, host, pathname } = new URL(facts.url);
  // Every place is filled, the rest with the last one, so that nothing else is offered.
  const voice = codecSettings.map((setting, index) => {
    const name = facts.codecs[Math.min(index, facts.codecs.length - 1)] ?? "PCMA";
    return xml`    <P${setting}>${codecs[name] ?? 8}</P${setting}>`;
  });
  const places = grandstreamKeys(facts.model);
  const keys = facts.keys.flatMap(({ number, label }, index) => {
    const key = places[index];
    if (key === undefined) return [];
    return [
      xml`    <P${key.mode}>${key.lamp}</P${key.mode}>
    <P${key.account}>0</P${key.account}>
    <P${key.label}>${label}</P${key.label}>
    <P${key.number}>${number}</P${key.number}>`,
    ];
  });
  return xml`<?xml version="1.0" encoding="UTF-8"?>
<gs_provision version="1">
  <mac>${facts.mac}</mac>
  <config version="1">
    <P271>1</P271>
    <P270>${facts.number}</P270>
    <P47>${facts.server}:${facts.port}</P47>
    <P35>${facts.number}</P35>
    <P36>${facts.number}</P36>
    <P34>${facts.sipPassword}</P34>
    <P3>${facts.displayName}</P3>
    <P32>10</P32>
    <P130>${transports[facts.transport]}</P130>
    <P2329>0</P2329>
    <P2311>${isChecked}</P2311>
    <P2367>${isChecked}</P2367>
    <P183>0</P183>
    <P33>${facts.voicemailNumber}</P33>
    <P99>1</P99>
    <P1347>${facts.pickupPrefix}</P1347>
    <P2301>0</P2301>
    <P2302>1</P2302>
    <P2303>0</P2303>
${joined(voice)}
    <P2>${facts.webPassword}</P2>
    <P212>${protocol === "https:" ? 2 : 1}</P212>
    <P237>${host}${pathname.replace(/\/$/, "")}</P237>
    <P1360>${facts.mac}</P1360>
    <P1361>${facts.secret}</P1361>
    <P1362>${facts.language}</P1362>
    <P64>customize</P64>
    <P246>${phoneTimeZone(facts.timeZone).posix}</P246>
    <P143>0</P143>
    <P122>1</P122>
    <P102>${facts.language === "de" ? 2 : 0}</P102>
${joined(keys)}
  </config>
</gs_provision>
`.text;
}
