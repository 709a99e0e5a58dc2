/** Builds SIPp scenarios out of sentences. Fields of the data file: 0 own number, 1 credentials, 2 dialled number. */
export interface SippScenario {
  readonly name: string;
  readonly xml: string;
}

/** Makes one step's text; `sinceInvite` is how many steps ago the last INVITE was sent, for its branch. */
export type Step = (sinceInvite: number) => string;

const domain = "[remote_ip]:[remote_port]";
const from = `"SIPp [field0]" <sip:[field0]@${domain}>;tag=[pid]c[call_number]`;
const contact = "Contact: <sip:[field0]@[local_ip]:[local_port];transport=[transport]>";
const agent = "User-Agent: SIPp phone";
const allow = "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, NOTIFY, UPDATE";

export interface SippVoice {
  /** Undefined: no attribute, as old phones do. */
  readonly direction?: "sendrecv" | "sendonly" | "inactive";
  /** Default its own. */
  readonly address?: string;
  readonly hasTelephoneEvent?: boolean;
}

const talking: SippVoice = { direction: "sendrecv" };

function sdp({ direction, address = "[media_ip]", hasTelephoneEvent = true }: SippVoice): string {
  return [
    "v=0",
    "o=sipp 5353 1 IN IP[local_ip_type] [local_ip]",
    "s=-",
    `c=IN IP[media_ip_type] ${address}`,
    "t=0 0",
    `m=audio [media_port] RTP/AVP 8 0${hasTelephoneEvent ? " 101" : ""}`,
    "a=rtpmap:8 PCMA/8000",
    "a=rtpmap:0 PCMU/8000",
    ...(hasTelephoneEvent ? ["a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16"] : []),
    ...(direction === undefined ? [] : [`a=${direction}`]),
    "",
  ].join("\n");
}

export function send(
  lines: readonly string[],
  body = "",
  attributes = ' retrans="500"',
  contentType = "application/sdp",
): string {
  const head = [
    ...lines,
    body === "" ? "Content-Length: 0" : `Content-Type: ${contentType}\nContent-Length: [len]`,
    "",
    body,
  ];
  return `<send${attributes}><![CDATA[\n${head.join("\n")}\n]]></send>`;
}

export function request(
  method: string,
  cseq: number,
  options: { to?: string; branch?: string; extra?: readonly string[] } = {},
) {
  const uri = method === "REGISTER" ? `sip:${domain}` : `sip:[field2]@${domain}`;
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=${options.branch ?? "[branch]"}`,
    "Max-Forwards: 70",
    `From: ${from}`,
    options.to ?? `To: <sip:${method === "REGISTER" ? "[field0]" : "[field2]"}@${domain}>`,
    "Call-ID: [call_id]",
    `CSeq: ${cseq} ${method === "ACK" ? "ACK" : method}`,
    contact,
    agent,
    allow,
    ...(options.extra ?? []),
  ];
}

export function response(status: string, isDialog: boolean, extra: readonly string[] = []) {
  return [
    `SIP/2.0 ${status}`,
    "[last_Via:]",
    "[last_From:]",
    isDialog ? "[last_To:]" : "[last_To:];tag=[pid]s[call_number]",
    "[last_Call-ID:]",
    "[last_CSeq:]",
    contact,
    agent,
    allow,
    ...extra,
  ];
}

export const inDialogTo = `To: <sip:[field2]@${domain}>[peer_tag_param]`;

const party = (number: string): string =>
  `<ereg regexp="sip:${number}@" search_in="hdr" header="P-Asserted-Identity:" check_it="true" assign_to="party"/>`;

/** Steps of the side that registers or calls. */
export const uac = {
  register: (expires: number): Step[] => [
    () => send([...request("REGISTER", 1), `Expires: ${expires}`]),
    () => '<recv response="100" optional="true"/>',
    () => '<recv response="401" auth="true"/>',
    () => send([...request("REGISTER", 2), `Expires: ${expires}`, "[field1]"]),
    () => '<recv response="100" optional="true"/>',
    () => '<recv response="200"/>',
  ],
  /** INVITE, challenge, INVITE with credentials. */
  invite: (voice: SippVoice = talking, extra: readonly string[] = []): Step[] => [
    () => send(request("INVITE", 1, { extra }), sdp(voice)),
    () => '<recv response="100" optional="true"/>',
    () => '<recv response="401" auth="true"/>',
    (sinceInvite) => send(request("ACK", 1, { to: "[last_To:]", branch: `[branch-${sinceInvite}]` }), "", ""),
    () => send([...request("INVITE", 2, { extra }), "[field1]"], sdp(voice)),
    () => '<recv response="100" optional="true"/>',
  ],
  expectRinging: (): Step[] => [() => '<recv response="180"/>'],
  /** An answer that tells who has answered. */
  expectAnswerBy: (number: string): Step[] => [
    () => '<recv response="180" optional="true"/>',
    () => `<recv response="200"><action>${party(number)}</action></recv>`,
    () => send(request("ACK", 2, { to: inDialogTo }), "", ""),
  ],
  /** Is told of another party in the middle of the call. */
  expectParty: (number: string): Step[] => [
    () => `<recv request="UPDATE"><action>${party(number)}</action></recv>`,
    () => send(response("200 OK", true), "", ""),
  ],
  expectAnswer: (): Step[] => [
    () => '<recv response="180" optional="true"/>',
    () => '<recv response="183" optional="true"/>',
    () => '<recv response="200"/>',
    () => send(request("ACK", 2, { to: inDialogTo }), "", ""),
  ],
  /** A refusal after ringing or at once; the ACK goes out in the INVITE's own transaction. */
  expectRefusal: (status: number): Step[] => [
    () => '<recv response="180" optional="true"/>',
    () => '<recv response="183" optional="true"/>',
    () => `<recv response="${status}"/>`,
    (sinceInvite) => send(request("ACK", 2, { to: "[last_To:]", branch: `[branch-${sinceInvite}]` }), "", ""),
  ],
  cancel: (): Step[] => [
    (sinceInvite) => send(request("CANCEL", 2, { branch: `[branch-${sinceInvite}]` })),
    () => '<recv response="200"/>',
    () => '<recv response="487"/>',
    (sinceInvite) => send(request("ACK", 2, { to: "[last_To:]", branch: `[branch-${sinceInvite}]` }), "", ""),
  ],
  pause: (milliseconds: number): Step[] => [() => `<pause milliseconds="${milliseconds}"/>`],
  /** Another offer inside the call. @param cseq higher than all before */
  offerAgain: (cseq: number, voice: SippVoice, method: "INVITE" | "UPDATE" = "INVITE"): Step[] => [
    () => send(request(method, cseq, { to: inDialogTo }), sdp(voice)),
    () => '<recv response="100" optional="true"/>',
    () => '<recv response="200"/>',
    ...(method === "INVITE" ? [() => send(request("ACK", cseq, { to: inDialogTo }), "", "")] : []),
  ],
  /** A key by INFO. */
  inform: (cseq: number, body: string, contentType = "application/dtmf-relay"): Step[] => [
    () => send(request("INFO", cseq, { to: inDialogTo }), body, ' retrans="500"', contentType),
    () => '<recv response="200"/>',
  ],
  /** Keys by RTP, as they were captured from a phone; `star` and `pound` for those keys. */
  press: (...keys: readonly string[]): Step[] =>
    keys.flatMap((key) => [
      () => `<nop><action><exec play_pcap_audio="/usr/share/sip-tester/dtmf_2833_${key}.pcap"/></action></nop>`,
      () => '<pause milliseconds="400"/>',
    ]),
  /** Is told a key by INFO. */
  expectInfo: (signal: string): Step[] => [
    () =>
      `<recv request="INFO"><action><ereg regexp="Signal=[${signal}]" search_in="body" check_it="true" assign_to="signal"/></action></recv>`,
    () => send(response("200 OK", true), "", ""),
  ],
  /** Is told by the PBX to hold or to talk, and says that it will. */
  expectControl: (event: "hold" | "talk"): Step[] => [
    () =>
      `<recv request="NOTIFY"><action><ereg regexp="${event}" search_in="hdr" header="Event:" check_it="true" assign_to="event"/></action></recv>`,
    () => send(response("200 OK", true), "", ""),
  ],
  /** Passes the call on by itself (REFER). @param cseq higher than all before */
  refer: (cseq: number, number: string): Step[] => [
    () => send(request("REFER", cseq, { to: inDialogTo, extra: [`Refer-To: <sip:${number}@${domain}>`] })),
    () => '<recv response="202"/>',
  ],
  /** Is told what has become of its REFER so far. */
  expectProgress: (status: number, state: "active" | "terminated"): Step[] => [
    () =>
      [
        '<recv request="NOTIFY"><action>',
        `<ereg regexp="SIP/2.0 ${status}" search_in="body" check_it="true" assign_to="progress"/>`,
        `<ereg regexp="${state}" search_in="hdr" header="Subscription-State:" check_it="true" assign_to="state"/>`,
        "</action></recv>",
      ].join(""),
    () => send(response("200 OK", true), "", ""),
  ],
  bye: (cseq = 3): Step[] => [
    () => send(request("BYE", cseq, { to: inDialogTo })),
    () => '<recv response="200" crlf="true"/>',
  ],
  waitForBye: (): Step[] => [() => '<recv request="BYE"/>', () => send(response("200 OK", true), "", "")],
} as const;

/** Steps of the side that is called. */
const remember =
  '<ereg regexp="[0-9]+" search_in="hdr" header="CSeq:" assign_to="cseq"/>' +
  '<ereg regexp="SIP/2.0/.*" search_in="hdr" header="Via:" assign_to="via"/>';

export const uas = {
  // CSeq and Via are needed again once another request has come in between.
  expectInvite: (): Step[] => [
    () => `<recv request="INVITE"><action>${remember}</action></recv>`,
    () => send(response("100 Trying", false), "", ""),
  ],
  /** Only an INVITE that asks to be answered automatically. */
  expectAutoAnswerInvite: (): Step[] => [
    () =>
      '<recv request="INVITE"><action><ereg regexp="answer-after=0" search_in="hdr" header="Call-Info:" check_it="true" assign_to="auto"/></action></recv>',
  ],
  ringAndAllowTalk: (): Step[] => [() => send(response("180 Ringing", false, ["Allow-Events: talk, hold"]), "", "")],
  /** Picks up when told so by `NOTIFY Event: talk`, and only then. */
  answerWhenTold: (): Step[] => [
    () =>
      '<recv request="NOTIFY"><action><ereg regexp="talk" search_in="hdr" header="Event:" check_it="true" assign_to="talk"/></action></recv>',
    () => send(response("200 OK", true), "", ""),
    () =>
      send(
        response("200 OK", true).map((line) =>
          line === "[last_CSeq:]" ? "CSeq: [$cseq] INVITE" : line === "[last_Via:]" ? "Via: [$via]" : line,
        ),
        sdp(talking),
      ),
    () => '<recv request="ACK"/>',
  ],
  ring: (): Step[] => [() => send(response("180 Ringing", false), "", "")],
  earlyMedia: (): Step[] => [() => send(response("183 Session Progress", false), sdp(talking), "")],
  answer: (): Step[] => [() => send(response("200 OK", false), sdp(talking)), () => '<recv request="ACK"/>'],
  /** Sends the call on. */
  redirect: (number: string): Step[] => [
    () =>
      send(
        response("302 Moved Temporarily", false).map((line) =>
          line === contact ? `Contact: <sip:${number}@${domain}>` : line,
        ),
      ),
    () => '<recv request="ACK"/>',
  ],
  refuse: (status: string): Step[] => [() => send(response(status, false)), () => '<recv request="ACK"/>'],
  expectCancel: (): Step[] => [
    () => '<recv request="CANCEL"/>',
    () => send(response("200 OK", false), "", ""),
    () =>
      send(
        response("487 Request Terminated", false).map((line) =>
          line === "[last_CSeq:]" ? "CSeq: [$cseq] INVITE" : line,
        ),
      ),
    () => '<recv request="ACK"/>',
  ],
  pause: uac.pause,
  expectParty: uac.expectParty,
  waitForBye: uac.waitForBye,
  /** Hears the INVITE and never says a word. */
  silence: (milliseconds: number): Step[] => [
    () => '<recv request="INVITE"/>',
    () => `<pause milliseconds="${milliseconds}"/>`,
  ],
} as const;

export function scenario(name: string, ...parts: readonly (readonly Step[])[]): SippScenario {
  let lastInvite = 0;
  const steps = parts.flat().map((step, index) => {
    const text = step(index - lastInvite);
    if (text.includes("\nINVITE sip:")) lastInvite = index;
    return text;
  });
  const variables = new Set(steps.flatMap((text) => [...text.matchAll(/assign_to="(\w+)"/g)].map((match) => match[1])));
  if (variables.size > 0) steps.push(`<Reference variables="${[...variables].join(",")}"/>`);
  return {
    name,
    xml: `<?xml version="1.0" encoding="ISO-8859-1"?>\n<scenario name="${name}">\n${steps.join("\n")}\n</scenario>\n`,
  };
}
