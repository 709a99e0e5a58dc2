/** The example of each command, found in the AsyncAPI document that the server gives. */
export function findExamples(document: unknown): ReadonlyMap<string, object> {
  const found = new Map<string, object>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const each of node) visit(each);
      return;
    }
    if (typeof node !== "object" || node === null) return;
    if ("command" in node && typeof node.command === "string" && "params" in node && isPlain(node.params)) {
      found.set(node.command, node.params);
      return;
    }
    for (const each of Object.values(node)) visit(each);
  };
  visit(document);
  return found;
}

/** Parameters, not their schema. */
function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && !("type" in value && "properties" in value);
}
