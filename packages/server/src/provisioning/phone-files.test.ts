import { describe, expect, it } from "vitest";
import { codecsOf, keysOf, type PhoneFacts } from "./phone-facts.ts";
import { deviceVendors } from "./device.ts";
import { grandstreamModelOf } from "./grandstream-keys.ts";
import { fileNameOf, parseFileName, printFile } from "./file-name.ts";

const facts: PhoneFacts = {
  mac: "001565aabbcc",
  model: "",
  number: "200",
  displayName: "Anna Schmidt",
  server: "pbx.example",
  port: 5061,
  transport: "tls",
  isCertificateChecked: true,
  sipPassword: "a-sip-password",
  webPassword: "a-web-password",
  codecs: ["G722", "PCMA"],
  voicemailNumber: "*97",
  pickupPrefix: "**",
  keys: [{ number: "201", label: "Lisa Weber" }],
  language: "de",
  timeZone: "Europe/Berlin",
  url: "https://pbx.example/provision/",
  secret: "a-device-secret",
};
const print = (vendor: (typeof deviceVendors)[number], changes: Partial<PhoneFacts> = {}) =>
  printFile(vendor, { ...facts, ...changes }).text;

/** `name = value` of a Yealink file. */
const settingsOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries([...text.matchAll(/^([\w.]+) = (.*)$/gm)].map(([, name = "", value = ""]) => [name, value]));
const signs: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
/** Elements without children; XML that is not well-formed throws. */
const elementsOf = (text: string): Readonly<Record<string, string>> => {
  const found: Record<string, string> = {};
  const open: string[] = [];
  const rest = text.replace(/^<\?xml [^<>]*\?>\n/, "");
  const token = /<(\/?)([\w-]+)((?: \w+="[^"<&]*(?:&\w+;[^"<&]*)*")*)>|([^<>&]+|&\w+;)+/gy;
  while (token.lastIndex < rest.length) {
    const match = token.exec(rest);
    if (match === null) throw new Error("not well-formed");
    const [all, close, name] = match;
    if (name === undefined) {
      const [inner = ""] = open.slice(-1);
      found[inner] = all.replaceAll(/&(\w+);/g, (_, sign: string) => signs[sign] ?? "?");
    } else if (close === "") open.push(name);
    else if (open.pop() !== name) throw new Error(`${name} is closed, but not open`);
  }
  if (open.length > 0) throw new Error(`${open.join(" ")}: not closed`);
  return found;
};

describe("the files of phones", () => {
  it("[F7] Yealink: account, voice, keys, place", () => {
    expect(settingsOf(print("yealink"))).toMatchObject({
      "account.1.user_name": "200",
      "account.1.auth_name": "200",
      "account.1.password": "a-sip-password",
      "account.1.display_name": "Anna Schmidt",
      "account.1.sip_server.1.address": "pbx.example",
      "account.1.sip_server.1.port": "5061",
      "account.1.sip_server.1.transport_type": "2",
      "account.1.codec.g722.priority": "1",
      "account.1.codec.pcma.priority": "2",
      "account.1.codec.pcmu.enable": "0",
      "voice_mail.number.1": "*97",
      "linekey.2.type": "16",
      "linekey.2.value": "201",
      "linekey.2.pickup_value": "**201",
      "linekey.2.extension": "**201",
      "linekey.2.label": "Lisa Weber",
      "static.security.trust_certificates": "1",
      "static.auto_provision.server.url": "https://pbx.example/provision/",
      "lang.gui": "German",
      "local_time.time_zone_name": "Germany(Berlin)",
    });
    expect(print("yealink")).toMatch(/^#!version:1\.0\.0\.1\n/);
  });

  it("[F7] Snom: account, voice, keys, place", () => {
    expect(elementsOf(print("snom"))).toMatchObject({
      user_name: "200",
      user_pname: "200",
      user_pass: "a-sip-password",
      user_host: "pbx.example",
      user_outbound: "pbx.example:5061;transport=tls",
      user_mailbox: "*97",
      codec_priority_list: "g722,pcma,telephone-event",
      fkey: "blf 201|**201",
      language: "Deutsch",
      timezone: "GER+1",
      setting_server: "https://pbx.example/provision/001565AABBCC.xml",
    });
  });

  it("[F7] Grandstream: account, voice, keys, place", () => {
    expect(elementsOf(print("grandstream", { transport: "udp", language: "en" }))).toMatchObject({
      mac: "001565aabbcc",
      P47: "pbx.example:5061",
      P35: "200",
      P36: "200",
      P34: "a-sip-password",
      P3: "Anna Schmidt",
      P130: "0",
      P33: "*97",
      P57: "9",
      P58: "8",
      P62: "8",
      P1365: "1",
      P1467: "Lisa Weber",
      P1468: "201",
      P1362: "en",
      P237: "pbx.example/provision",
      P212: "2",
    });
  });

  it.each([
    ["GRP2615", { P1365: "1", P1373: "1", P23800: "1", P23802: "Key 7", P23803: "207" }],
    ["GXP2170", { P1365: "11", P1373: "11", P23800: "1", P23802: "Key 7", P23803: "207" }],
    ["gxp2130", { P1367: "11", P1369: "1", P1471: "Key 4", P1472: "204" }],
    ["GXP1628", { P323: "1", P301: "0", P302: "Key 2", P303: "202", P353: "1", P355: "Key 9", P356: "209" }],
    ["GXP1625", { P1365: "11", P1467: "Key 2", P1468: "202" }],
  ])("[F7] Grandstream %s: its own lamps, and no other setting is touched", (model, lamps) => {
    const keys = Array.from({ length: 40 }, (_, index) => ({ number: String(202 + index), label: `Key ${index + 2}` }));
    const elements = elementsOf(print("grandstream", { model, keys }));
    expect(elements).toMatchObject(lamps);
    // Password of the lock, weather, writing of the call log: what lies behind the keys' numbers.
    for (const other of ["P1383", "P1402", "P1433", "P1477"]) expect(elements).not.toHaveProperty(other);
  });

  it("[F7] Grandstream: the phone says which model it is", () => {
    expect(grandstreamModelOf("Grandstream Model HW GXP2170 SW 1.0.11.16 DevId c074ad000003")).toBe("GXP2170");
    expect(grandstreamModelOf("baresip v1.0.0")).toBeUndefined();
  });

  it.each(deviceVendors)("[F8] %s: a name can be anything and stays a name", (vendor) => {
    const displayName = `</P3><P2>x</P2>&"'\naccount.1.password = mine\r\n%NULL%\u0000`;
    const text = print(vendor, { displayName, keys: [{ number: "201", label: displayName }] });
    if (vendor === "yealink") expect(settingsOf(text)["account.1.password"]).toBe("a-sip-password");
    else
      expect(elementsOf(text)).toMatchObject(
        vendor === "snom" ? { user_pass: "a-sip-password" } : { P2: "a-web-password" },
      );
    expect(text).not.toMatch(/^account\.1\.password = mine/m);
  });

  it("[F4] each maker's phones ask for their own name", () => {
    const mac = "001565aabbcc";
    for (const vendor of deviceVendors) expect(parseFileName(fileNameOf(vendor, mac))).toEqual({ vendor, mac });
    expect(parseFileName("snomD785-001565AABBCC.htm")).toEqual({ vendor: "snom", mac });
    for (const name of ["y000000000028.cfg", "001565aabbcc.boot", "cfg001565aabbcc", "snomD785.htm", "../x", ""]) {
      expect(parseFileName(name)).toBeUndefined();
    }
  });

  it("[F7] codecs are the extension's that the maker knows, else three", () => {
    expect(codecsOf({ codecPreferences: [] })).toEqual(["PCMA", "G722", "PCMU"]);
    expect(codecsOf({ codecPreferences: ["opus", "pcmu", "iLBC"] })).toEqual(["opus", "PCMU"]);
  });

  it("[F7] keys are the device's own, else the colleagues of the department, else everybody", () => {
    const everybody = [
      { id: "a", number: "200", displayName: "Anna", department: "Sales" },
      { id: "b", number: "201", displayName: "Lisa", department: "Sales" },
      { id: "c", number: "202", displayName: "Tom" },
    ];
    const keysFor = (own: (typeof everybody)[number] | undefined, device = {}) =>
      keysOf(device, own ?? { id: "d" }, everybody).map(({ number, label }) => `${number} ${label}`);
    expect(keysFor(everybody[0])).toEqual(["201 Lisa"]);
    expect(keysFor(everybody[2])).toEqual(["200 Anna", "201 Lisa"]);
    expect(keysFor(everybody[0], { keys: [{ number: "202" }, { number: "701", label: "Slot 1" }] })).toEqual([
      "202 Tom",
      "701 Slot 1",
    ]);
  });
});
