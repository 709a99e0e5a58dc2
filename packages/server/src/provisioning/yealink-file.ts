import { joined, lines } from "./escaped.ts";
import type { PhoneFacts } from "./phone-facts.ts";
import { phoneTimeZone } from "./time-zones.ts";

const transports = { udp: 0, tcp: 1, tls: 2 } as const;
const codecs = ["PCMA", "G722", "PCMU", "opus"];
const languages = {
  de: { gui: "German", tones: "Germany" },
  en: { gui: "English", tones: "Great Britain" },
} as const;

/** `<mac>.cfg` of Yealink's T2, T4 and T5. The first key is the account itself. */
export function yealinkFile(facts: PhoneFacts): string {
  const zone = phoneTimeZone(facts.timeZone).yealink;
  const { gui, tones } = languages[facts.language];
  const voice = codecs.map((name) => {
    const place = facts.codecs.indexOf(name);
    const codec = name.toLowerCase();
    return lines`account.1.codec.${codec}.enable = ${place < 0 ? 0 : 1}
account.1.codec.${codec}.priority = ${place + 1}`;
  });
  const keys = facts.keys.map(({ number, label }, index) => {
    const key = `linekey.${index + 2}`;
    // What is dialled to take the call: `extension` from firmware 81 on, before that `pickup_value`.
    return lines`${key}.type = 16
${key}.line = 1
${key}.value = ${number}
${key}.extension = ${facts.pickupPrefix}${number}
${key}.pickup_value = ${facts.pickupPrefix}${number}
${key}.label = ${label}`;
  });
  return lines`#!version:1.0.0.1
account.1.enable = 1
account.1.label = ${facts.number}
account.1.display_name = ${facts.displayName}
account.1.user_name = ${facts.number}
account.1.auth_name = ${facts.number}
account.1.password = ${facts.sipPassword}
account.1.sip_server.1.address = ${facts.server}
account.1.sip_server.1.port = ${facts.port}
account.1.sip_server.1.transport_type = ${transports[facts.transport]}
account.1.sip_server.1.expires = 600
account.1.srtp_encryption = 0
account.1.subscribe_mwi = 1
voice_mail.number.1 = ${facts.voicemailNumber}
account.1.dialoginfo_callpickup = 1
account.1.dtmf.type = 1
${joined(voice)}
features.intercom.allow = 1
features.intercom.barge = 0
sip.trust_ctrl = 1
static.security.trust_certificates = ${facts.isCertificateChecked ? 1 : 0}
static.security.user_password = admin:${facts.webPassword}
static.auto_provision.server.url = ${facts.url}
static.auto_provision.server.username = ${facts.mac}
static.auto_provision.server.password = ${facts.secret}
lang.gui = ${gui}
voice.tone.country = ${tones}
local_time.time_zone = ${zone.offset}
local_time.time_zone_name = ${zone.name}
local_time.summer_time = 2
${joined(keys)}
`.text;
}
