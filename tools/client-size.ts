import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const source = join(import.meta.dirname, "..", "packages", "client", "src");

/** Bytes of each part of the client SDK as a browser loads it: bundled, minified, gzipped. */
export interface ClientSize {
  /** Connection, commands, events. */
  readonly core: number;
  /** The live model with the reducer of the protocol. */
  readonly model: number;
  readonly react: number;
  readonly share: number;
}

/** Bundles the SDK in memory; React itself is left out. */
export async function measureClient(): Promise<ClientSize> {
  const all = await bundle(["index.ts", "react/index.ts", "share/index.ts"]);
  const withModel = await bundle(["index.ts"]);
  const model = await bundle(["model/index.ts"]);
  const withReact = await bundle(["index.ts", "react/index.ts"]);
  return { core: withModel - model, model, react: withReact - withModel, share: all - withReact };
}

/** Gzipped bytes of one file that holds these entries and all that they need. */
async function bundle(entries: readonly string[]): Promise<number> {
  const name = "virtual:entry";
  // The first as it is; the others beside it, since some of their names are the same.
  const code = entries.map(
    (entry, index) => `export * ${index === 0 ? "" : `as part${index} `}from ${JSON.stringify(join(source, entry))};`,
  );
  const result = await build({
    configFile: false,
    logLevel: "error",
    // As in an application's own build, whoever measures.
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === name ? id : undefined),
        load: (id) => (id === name ? code.join("\n") : undefined),
      },
    ],
    build: {
      write: false,
      minify: true,
      target: "es2023",
      rollupOptions: { input: name, external: ["react"], preserveEntrySignatures: "strict" },
    },
  });
  const outputs = [result].flat().flatMap((each) => ("output" in each ? each.output : []));
  return outputs.reduce((sum, each) => sum + (each.type === "chunk" ? gzipSync(each.code, { level: 9 }).length : 0), 0);
}
