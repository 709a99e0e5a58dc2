import type { CommandName, EventType } from "@pbx-x/protocol";

/**
 * One thing that happens. Phones are named by their extension's number, calls by a name that the scenario gives. Texts in
 * the parameters of a command may refer to what was made: `$call:<name>`, `$extension:<number>`, `$queue:<name>`,
 * `$conference:<name>`.
 */
export type Step =
  /** A phone registers; those that are there already do nothing. */
  | { readonly do: "phone"; readonly number: string }
  | { readonly do: "phoneGone"; readonly number: string }
  | { readonly do: "dial"; readonly call: string; readonly from: string; readonly to: string }
  /** Somebody outside calls the main number. */
  | {
      readonly do: "incoming";
      readonly call: string;
      readonly from: string;
      readonly name?: string;
      readonly to: string;
    }
  /** The phone takes or refuses what rings there. */
  | { readonly do: "answer" | "reject"; readonly number: string }
  /** The phone ends its newest call. */
  | { readonly do: "hangup"; readonly number: string }
  /** Who began the call ends it. */
  | { readonly do: "hangupCaller"; readonly call: string }
  | { readonly do: "press"; readonly number: string; readonly digits: string }
  /** The user of this extension gives a command; `call` names the call of its answer. */
  | {
      readonly do: "command";
      readonly as: string;
      readonly command: CommandName;
      readonly params: Readonly<Record<string, unknown>>;
      readonly call?: string;
    }
  | { readonly do: "line"; readonly isReachable: boolean }
  /** Divided by the speed, unless it is `isReal`: a message has a shortest length. */
  | { readonly do: "wait"; readonly ms: number; readonly isReal?: boolean }
  | { readonly do: "until"; readonly event: EventType }
  /** So many extensions more, and so many changes of theirs a second. */
  | { readonly do: "load"; readonly extensions: number; readonly perSecond: number; readonly seconds: number };

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Events that it is about; a test sees that they come. */
  readonly shows: readonly EventType[];
  readonly steps: readonly Step[];
}
