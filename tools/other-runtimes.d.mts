/** Programs of `tools/other-runtimes`, by name; undefined where they are not installed. */
export const otherRuntimes: { readonly deno: string | undefined; readonly bun: string | undefined };
export const installRuntimes: string;
