import {
  type DigestClient,
  type HeaderField,
  type NameAddr,
  parseUri,
  type Remote,
  type SipBinding,
  sipUri,
  type Uri,
} from "@pbx-x/sip";
import type { DialOperation } from "@pbx-x/telephony";

/** Where the INVITE of a dialled leg goes, and what it says of both sides. */
export interface DialWay {
  readonly remote: Remote;
  readonly target: Uri;
  /** Still without a tag. */
  readonly from: NameAddr;
  readonly to: NameAddr;
  /** Route, identities … */
  readonly headers: readonly HeaderField[];
  /** For far sides that ask who we are. */
  readonly credentials?: DigestClient;
  /** The far side has to say something by then. */
  readonly firstAnswerMs?: number;
}

/** To a device, by the Contact that it registered. */
export function wayToBinding(
  { contactUri, remote, path }: SipBinding,
  { caller, callee }: DialOperation,
  ownAddress: string,
): DialWay {
  const { name } = caller;
  return {
    remote,
    target: parseUri(contactUri) ?? sipUri({ host: remote.address, port: remote.port }),
    from: {
      ...(name !== undefined && { displayName: name }),
      uri: sipUri({ user: caller.number, host: ownAddress }),
      params: new Map(),
    },
    to: { uri: sipUri({ user: callee.number, host: ownAddress }), params: new Map() },
    headers: path.map((value) => ({ name: "Route", value })),
  };
}
