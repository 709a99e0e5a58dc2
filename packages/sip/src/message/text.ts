/** Position of the first `wanted` character outside quotes and angle brackets, or -1. */
export function indexOutside(text: string, wanted: string, from = 0): number {
  if (wanted !== "<" && !hasBrackets(text)) return text.indexOf(wanted, from);
  let isQuoted = false;
  let depth = 0;
  for (let index = from; index < text.length; index += 1) {
    const character = text[index];
    if (isQuoted) {
      if (character === "\\") index += 1;
      else if (character === '"') isQuoted = false;
      continue;
    }
    if (depth === 0 && character === wanted) return index;
    if (character === '"') isQuoted = true;
    else if (character === "<") depth += 1;
    else if (character === ">" && depth > 0) depth -= 1;
  }
  return -1;
}

/** Quotes or angle brackets: most values have none, and are searched as they are. */
function hasBrackets(text: string): boolean {
  return text.includes('"') || text.includes("<");
}

/** Splits at commas outside quotes and angle brackets (RFC 3261 §7.3.1); empty parts are dropped. */
export function splitList(value: string): string[] {
  if (!value.includes(",")) return value.trim() === "" ? [] : [value.trim()];
  return splitOutside(value, ",");
}

export function splitOutside(value: string, separator: string): string[] {
  if (value === "") return [];
  const parts: string[] = [];
  let from = 0;
  for (let at = indexOutside(value, separator); at >= 0; at = indexOutside(value, separator, from)) {
    parts.push(value.slice(from, at).trim());
    from = at + 1;
  }
  parts.push(value.slice(from).trim());
  return parts.filter((part) => part !== "");
}

const tokenPattern = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

/** `token` of RFC 3261 §25.1. */
export function isToken(text: string): boolean {
  return tokenPattern.test(text);
}

/** Removes quotes and quoted-pairs; text without quotes stays as it is. */
export function unquote(text: string): string {
  if (!text.startsWith('"') || !text.endsWith('"') || text.length < 2) return text;
  return text.slice(1, -1).replaceAll(/\\(.)/g, "$1");
}

export function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

/** Header parameters `;name=value`, outside quotes; names in lower case, without value `true`. Undefined when malformed. */
export function parseParams(text: string): ReadonlyMap<string, string | true> | undefined {
  const params = new Map<string, string | true>();
  for (const part of splitOutside(text, ";")) {
    const equals = part.indexOf("=");
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
    if (!isToken(name)) return undefined;
    params.set(name, equals < 0 ? true : unquote(part.slice(equals + 1).trim()));
  }
  return params;
}

export function printParams(params: ReadonlyMap<string, string | true>): string {
  let text = "";
  for (const [name, value] of params) {
    text += value === true ? `;${name}` : `;${name}=${isParamText(value) ? value : quote(value)}`;
  }
  return text;
}

function isParamText(value: string): boolean {
  return isToken(value) || /^\[[0-9A-Fa-f:.]+\](?::\d+)?$/.test(value) || /^[A-Za-z0-9\-.:]+$/.test(value);
}
