import { joined, xml } from "./escaped.ts";
import type { PhoneFacts } from "./phone-facts.ts";
import { phoneTimeZone } from "./time-zones.ts";

const languages = { de: { name: "Deutsch", tones: "GER" }, en: { name: "English", tones: "GBR" } } as const;

/** `<MAC>.xml` and `snom<model>-<MAC>.htm`: the same settings. The first key is the account itself. */
export function snomFile(facts: PhoneFacts): string {
  const { name, tones } = languages[facts.language];
  const codecs = [...facts.codecs.map((codec) => codec.toLowerCase()), "telephone-event"].join(",");
  const keys = facts.keys.map(
    ({ number, label }, index) =>
      xml`    <fkey idx="${index + 1}" context="1" label="${label}" perm="">blf ${number}|${facts.pickupPrefix}${number}</fkey>`,
  );
  return xml`<?xml version="1.0" encoding="utf-8"?>
<settings>
  <phone-settings>
    <user_active idx="1" perm="">on</user_active>
    <user_realname idx="1" perm="">${facts.displayName}</user_realname>
    <user_idle_text idx="1" perm="">${facts.displayName}</user_idle_text>
    <user_name idx="1" perm="">${facts.number}</user_name>
    <user_pname idx="1" perm="">${facts.number}</user_pname>
    <user_pass idx="1" perm="">${facts.sipPassword}</user_pass>
    <user_host idx="1" perm="">${facts.server}</user_host>
    <user_outbound idx="1" perm="">${facts.server}:${facts.port};transport=${facts.transport}</user_outbound>
    <user_expiry idx="1" perm="">600</user_expiry>
    <user_srtp idx="1" perm="">off</user_srtp>
    <user_mailbox idx="1" perm="">${facts.voicemailNumber}</user_mailbox>
    <codec_priority_list idx="1" perm="">${codecs}</codec_priority_list>
    <answer_after_policy perm="">idle</answer_after_policy>
    <callpickup_dialoginfo perm="">on</callpickup_dialoginfo>
    <check_fqdn_against_server_cert perm="">${facts.isCertificateChecked ? "on" : "off"}</check_fqdn_against_server_cert>
    <setting_server perm="">${facts.url}${facts.mac.toUpperCase()}.xml</setting_server>
    <http_client_user perm="">${facts.mac}</http_client_user>
    <http_client_pass perm="">${facts.secret}</http_client_pass>
    <admin_mode_password perm="">${facts.webPassword}</admin_mode_password>
    <http_user perm="">admin</http_user>
    <http_pass perm="">${facts.webPassword}</http_pass>
    <language perm="">${name}</language>
    <web_language perm="">${name}</web_language>
    <tone_scheme perm="">${tones}</tone_scheme>
    <timezone perm="">${phoneTimeZone(facts.timeZone).snom}</timezone>
  </phone-settings>
  <functionKeys>
${joined(keys)}
  </functionKeys>
</settings>
`.text;
}
