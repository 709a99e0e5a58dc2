import { inDialogTo, request, response, send, type Step } from "./sipp-scenario.ts";

/** What a NOTIFY has to say; all of it is looked for in the message. */
export interface ExpectedNotify {
  readonly version?: number;
  readonly document?: "full" | "partial";
  /** State of the first dialog. */
  readonly dialog?: "trying" | "early" | "confirmed" | "terminated";
  readonly direction?: "initiator" | "recipient";
  readonly isHeld?: boolean;
  /** The other's number. */
  readonly remote?: string;
  /** `unread/read (urgent unread/urgent read)` of the own mailbox. */
  readonly messages?: string;
  readonly subscription?: "active" | "terminated";
}

type Package = "dialog" | "presence" | "message-summary" | "refer";

const subscribe = (cseq: number, event: Package, expires: number, extra: readonly string[] = [], to?: string) =>
  send([
    ...request("SUBSCRIBE", cseq, to === undefined ? {} : { to }),
    `Event: ${event}`,
    `Expires: ${expires}`,
    ...extra,
  ]);

/** Steps of a phone that watches the dialled number. */
export const watcher = {
  /** SUBSCRIBE, challenge, SUBSCRIBE with credentials; `status` is its answer. */
  subscribe: (event: Package, expires: number, status = 200): Step[] => [
    () => subscribe(1, event, expires),
    () => '<recv response="401" auth="true"/>',
    () => subscribe(2, event, expires, ["[field1]"]),
    () => `<recv response="${status}"/>`,
  ],
  /** The same, where it is refused with 503 or accepted and told. */
  subscribeIfThereIsRoom: (event: Package, expires: number): Step[] => [
    () => subscribe(1, event, expires),
    () => '<recv response="401" auth="true"/>',
    () => subscribe(2, event, expires, ["[field1]"]),
    () => '<recv response="503" optional="true" next="full"/>',
    () => '<recv response="200"/>',
    () => '<recv request="NOTIFY"/>',
    () => send(response("200 OK", true), "", ""),
    () => '<label id="full"/>',
  ],
  /** Another SUBSCRIBE of the subscription; for no time it ends it. @param cseq one higher each time */
  refresh: (event: Package, expires: number, { status = 200, cseq = 3 } = {}): Step[] => [
    () => subscribe(cseq, event, expires, [], inDialogTo),
    () => `<recv response="${status}"/>`,
  ],
  /** Of a phone that did not ask. */
  expectUnasked: (expected: ExpectedNotify): Step[] => [
    () => `<recv request="NOTIFY"><action>${checks(expected).join("")}</action></recv>`,
    () => send(response("200 OK", false), "", ""),
  ],
  expectNotify: (expected: ExpectedNotify): Step[] => [
    () => `<recv request="NOTIFY"><action>${checks(expected).join("")}</action></recv>`,
    () => send(response("200 OK", true), "", ""),
  ],
  pause: (milliseconds: number): Step[] => [() => `<pause milliseconds="${milliseconds}"/>`],
} as const;

function checks(expected: ExpectedNotify): readonly string[] {
  const { version, document, dialog, direction, isHeld, remote, messages, subscription } = expected;
  const wanted: readonly (string | undefined)[] = [
    version === undefined ? undefined : `version=.${version}. state=`,
    document === undefined ? undefined : `state=.${document}.`,
    dialog === undefined ? undefined : `state.${dialog}./state`,
    direction === undefined ? undefined : `direction=.${direction}.`,
    isHeld === true ? "sip.rendering" : undefined,
    remote === undefined ? undefined : `remote..identity[^@]*sip:${remote}@`,
    messages === undefined ? undefined : `Voice-Message: ${messages.replaceAll(/[()]/g, "[$&]")}`,
    subscription === undefined ? undefined : `Subscription-State: ${subscription}`,
  ];
  return wanted.flatMap((regexp, index) =>
    regexp === undefined ? [] : [`<ereg regexp="${regexp}" search_in="msg" check_it="true" assign_to="seen${index}"/>`],
  );
}
