/**
 * Where a call from outside goes ([G6]). A queue, a conference and a mailbox stay the same when their numbers change.
 * `internal`: to whatever an internal number leads to. `direct_dial`: the last digits
 * of the called number are the internal number (number block). `outside`: out again.
 */
export type InboundDestination =
  | { readonly kind: "extension"; readonly extensionId: string }
  | { readonly kind: "queue"; readonly queueId: string }
  | { readonly kind: "conference"; readonly conferenceId: string }
  /** Of this extension. */
  | { readonly kind: "mailbox"; readonly extensionId: string }
  | { readonly kind: "internal"; readonly number: string }
  | { readonly kind: "direct_dial"; readonly digits: number }
  | { readonly kind: "outside"; readonly number: string };

/** Which of our outside numbers lead where ([G6]). */
export interface InboundRule {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
  /** The lowest is tried first; rules of the same priority in the order in which they were made. */
  readonly priority: number;
  /** Only calls of this trunk; of any where it is left out. */
  readonly trunkId?: string;
  /** {@link NumberPattern} of the called number: in E.164, as the trunk delivers it, or with the national prefix. */
  readonly didPattern: string;
  readonly timeProfileId?: string;
  readonly destination: InboundDestination;
  /** While the time profile is closed, and where the destination leads nowhere. Without it the next rule is tried. */
  readonly fallbackDestination?: InboundDestination;
}
