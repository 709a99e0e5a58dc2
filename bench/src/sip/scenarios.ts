// SIPp scenarios. Fields of the data file: 0 own number, 1 credentials, 2 dialled number.
const head = (method: string, target: string, cseq: number, to: string, branch = "[branch]"): string =>
  `${method} ${target} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=${branch}
Max-Forwards: 70
From: <sip:[field0]@[remote_ip]>;tag=[pid]b[call_number]
To: ${to}
Call-ID: [call_id]
CSeq: ${cseq} ${method}
Contact: <sip:[field0]@[local_ip]:[local_port]>
User-Agent: SIPp`;

const sdp = `Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
`;
const empty = "Content-Length: 0\n\n";
const send = (text: string, attributes = ' retrans="500"'): string =>
  `<send${attributes}><![CDATA[\n${text}\n]]></send>\n`;
const wrap = (body: string): string =>
  `<?xml version="1.0" encoding="ISO-8859-1"?>\n<scenario name="bench">\n${body}</scenario>\n`;

const registrar = "sip:[remote_ip]:[remote_port]";
const own = "<sip:[field0]@[remote_ip]>";

/** Two transactions: challenge, then credentials. */
export const register = wrap(
  send(`${head("REGISTER", registrar, 1, own)}\nExpires: 3600\n${empty}`, ' retrans="500" start_rtd="1"') +
    '<recv response="401" auth="true"/>\n' +
    send(`${head("REGISTER", registrar, 2, own)}\nExpires: 3600\n[field1]\n${empty}`) +
    '<recv response="200" rtd="1"/>\n',
);

const callee = "<sip:[field2]@[remote_ip]>";
const target = "sip:[field2]@[remote_ip]:[remote_port]";

/** INVITE with challenge, 180, 200. The timer runs from the INVITE with credentials to its 200. */
const dial =
  send(`${head("INVITE", target, 1, callee)}\n${sdp}`) +
  '<recv response="100" optional="true"/>\n<recv response="401" auth="true"/>\n' +
  send(
    `${head("ACK", target, 1, "[last_To:]".replace("[last_To:]", `${callee}[peer_tag_param]`), "[branch-3]")}\n${empty}`,
    "",
  ) +
  send(`${head("INVITE", target, 2, callee)}\n[field1]\n${sdp}`, ' retrans="500" start_rtd="1"') +
  '<recv response="100" optional="true"/>\n<recv response="180" optional="true"/>\n<recv response="183" optional="true"/>\n' +
  '<recv response="200" rtd="1" rrs="true"/>\n';
const inside = (method: string, cseq: number, rest: string, attributes?: string): string =>
  send(`${head(method, "[next_url]", cseq, `${callee}[peer_tag_param]`)}\n[routes]\n${rest}`, attributes);

/** A call with a second of talk, then BYE. */
export const caller = wrap(
  `${dial}${inside("ACK", 2, empty, "")}<pause/>\n${inside("BYE", 3, empty)}<recv response="200"/>\n`,
);

const answer = (status: string, body: string): string =>
  `SIP/2.0 ${status}
[last_Via:]
[last_From:]
[last_To:];tag=[pid]u[call_number]
[last_Call-ID:]
[last_CSeq:]
[last_Record-Route:]
Contact: <sip:[local_ip]:[local_port]>
${body}`;

/** Rings and answers at once. */
export const calleeAnswers = wrap(
  '<recv request="INVITE" rrs="true"/>\n' +
    send(answer("180 Ringing", empty), "") +
    send(answer("200 OK", sdp)) +
    '<recv request="ACK"/>\n<recv request="BYE"/>\n' +
    send(answer("200 OK", empty).replace(";tag=[pid]u[call_number]", ""), ""),
);

const reInvite = (cseq: number, body: string): string =>
  `${inside("INVITE", cseq, body)}<recv response="100" optional="true"/>\n<recv response="200"/>\n${inside("ACK", cseq, empty, "")}`;
const accept = send(answer("200 OK", empty).replace(";tag=[pid]u[call_number]", ""), "");
/** Whom calls are passed on to; his data file is that of everybody. */
export const targetNumber = "20001";

/** A call that is held and taken back by re-INVITE, then passed on by REFER, whose outcome the caller waits for. */
export const callerHoldsAndTransfers = wrap(
  `${dial}${inside("ACK", 2, empty, "")}<pause milliseconds="300"/>\n` +
    `${reInvite(3, `${sdp}a=sendonly\n`)}<pause milliseconds="300"/>\n${reInvite(4, sdp)}` +
    inside("REFER", 5, `Refer-To: <sip:${targetNumber}@[remote_ip]:[remote_port]>\n${empty}`) +
    '<recv response="202"/>\n' +
    `<recv request="NOTIFY"/>\n${accept}<recv request="NOTIFY"/>\n${accept}<recv request="BYE"/>\n${accept}`,
);

/** Answers at once, and hangs up soon. */
export const targetHangsUp = wrap(
  `<recv request="INVITE" rrs="true"/>\n${send(answer("200 OK", sdp))}<recv request="ACK"/>\n<pause milliseconds="400"/>\n` +
    send(
      `BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
From: <sip:${targetNumber}@[remote_ip]>;tag=[pid]u[call_number]
To: [$caller]
Call-ID: [call_id]
CSeq: 1 BYE
${empty}`,
    ) +
    '<recv response="200"/>\n',
).replace(
  '<recv request="INVITE" rrs="true"/>',
  '<recv request="INVITE" rrs="true"><action><ereg regexp=".*" search_in="hdr" header="From:" assign_to="caller"/></action></recv>',
);
