import { inDialogTo, request, response, send, type Step, uac, uas } from "./sipp-scenario.ts";

const audio = [
  "v=0",
  "o=carrier 1 1 IN IP[local_ip_type] [local_ip]",
  "s=-",
  "c=IN IP[media_ip_type] [media_ip]",
  "t=0 0",
  "m=audio [media_port] RTP/AVP 8",
  "a=rtpmap:8 PCMA/8000",
  "",
].join("\n");

/** Steps of a carrier that is known by its address: nobody asks it for a password. */
export const carrier = {
  /** Delivers a call. @param identity header fields that say who calls */
  deliver: (...identity: readonly string[]): Step[] => [
    () => send(request("INVITE", 1, { extra: identity }), audio),
    () => '<recv response="100" optional="true"/>',
  ],
  expectAnswer: (): Step[] => [
    () => '<recv response="180" optional="true"/>',
    () => '<recv response="183" optional="true"/>',
    () => '<recv response="200"/>',
    () => send(request("ACK", 1, { to: inDialogTo }), "", ""),
  ],
  expectRefusal: (status: number): Step[] => [
    () => `<recv response="${status}"/>`,
    (sinceInvite) => send(request("ACK", 1, { to: "[last_To:]", branch: `[branch-${sinceInvite}]` }), "", ""),
  ],
  hangUp: (): Step[] => uac.bye(2),
  /** Gets a call, whose header fields have to fit. */
  expectCall: (checks: Readonly<Record<string, string>>): Step[] => [
    () => {
      const looks = Object.entries(checks).map(
        ([name, pattern], index) =>
          `<ereg regexp="${pattern}" search_in="hdr" header="${name}:" check_it="true" assign_to="check${index}"/>`,
      );
      return `<recv request="INVITE"><action>${looks.join("")}</action></recv>`;
    },
    () => send(response("100 Trying", false), "", ""),
  ],
  /** Asks who calls before it takes the call, as carriers with digest do. */
  challenge: (): Step[] => [
    () => '<recv request="INVITE"/>',
    () =>
      send(
        response("407 Proxy Authentication Required", false, [
          'Proxy-Authenticate: Digest realm="carrier.example", nonce="7c9d1a", algorithm=MD5, qop="auth"',
        ]),
      ),
    () => '<recv request="ACK"/>',
  ],
  ring: uas.ring,
  answer: (): Step[] => [() => send(response("200 OK", false), audio), () => '<recv request="ACK"/>'],
  refuse: uas.refuse,
  expectCancel: uas.expectCancel,
  waitForBye: uas.waitForBye,
} as const;
