import { channelKinds, channelTable, type ChannelForm, type ChannelKind } from "./channel-table.ts";
import { wireLimits } from "./limits.ts";

/** A channel taken apart: `queues:42` is `{ kind: "queues", id: "42" }`. */
export interface ParsedChannel {
  readonly kind: ChannelKind;
  readonly id?: string;
  /** How the documents write it; the key of `channelTable`. */
  readonly form: ChannelForm;
}

export type ChannelParsing =
  | { readonly ok: true; readonly channel: ParsedChannel }
  | { readonly ok: false; readonly message: string };

const forms = new Map<string, ChannelForm>();
for (const form of Object.keys(channelTable)) {
  if (isForm(form)) forms.set(form.replace(/<.*>/, ""), form);
}
const kinds: ReadonlySet<string> = new Set(channelKinds);

/** Reads a channel's name ([W21]). The message says what is wrong with it. */
export function parseChannel(text: string): ChannelParsing {
  const colon = text.indexOf(":");
  const kind = colon === -1 ? text : text.slice(0, colon);
  if (!isKind(kind)) return { ok: false, message: `There is no channel "${shorten(text)}".` };
  if (colon === -1) {
    const form = forms.get(kind);
    if (form !== undefined) return { ok: true, channel: { kind, form } };
    return {
      ok: false,
      message: `The channel "${kind}" needs what it is about after a colon, as in "${forms.get(`${kind}:`) ?? kind}…".`,
    };
  }
  const form = forms.get(`${kind}:`);
  if (form === undefined) return { ok: false, message: `The channel "${kind}" has no part after a colon.` };
  const id = text.slice(colon + 1);
  if (id === "" || id.length > wireLimits.maximumIdLength || /[\s\p{Cc}]/u.test(id)) {
    return { ok: false, message: `The part after the colon of "${shorten(text)}" is not usable.` };
  }
  return { ok: true, channel: { kind, id, form } };
}

function isForm(text: string): text is ChannelForm {
  return Object.hasOwn(channelTable, text);
}

function isKind(text: string): text is ChannelKind {
  return kinds.has(text);
}

function shorten(text: string): string {
  return text.length > 64 ? `${text.slice(0, 64)}…` : text;
}
