/** A NOTIFY's body in the words of the engine contract: lamps from dialog-info, presence from PIDF, messages. */
export function readState(body: string): string {
  const messages = /^Voice-Message: (.*)\r\n/m.exec(body)?.[1];
  if (messages !== undefined) return messages;
  if (!body.includes("<dialog-info")) {
    return `${textOf(body, "basic")} ${textOf(body, "note")}`;
  }
  const calls = [...body.matchAll(/<dialog ([^>]*)>([\s\S]*?)<\/dialog>/g)].flatMap(
    ([, attributes = "", inside = ""]) => {
      const state = textOf(inside, "state");
      if (state === "terminated") return [];
      const direction = /direction="(\w+)"/.exec(attributes)?.[1] ?? "";
      const uri = /<remote><identity[^>]*>sip:([^@<]+)@/.exec(inside)?.[1] ?? "";
      const isHeld = /pname="\+sip\.rendering" pvalue="no"/.test(inside);
      return [[direction, state, ...(isHeld ? ["held"] : []), uri === "anonymous" ? "hidden" : uri].join(" ")];
    },
  );
  return calls.length === 0 ? "idle" : calls.join(", ");
}

function textOf(body: string, element: string): string {
  return new RegExp(`<${element}>([^<]*)<`).exec(body)?.[1] ?? "";
}
