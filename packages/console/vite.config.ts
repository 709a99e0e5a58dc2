import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** `npm run dev` beside a running server: it passes the interfaces on. */
const server = process.env["CONSOLE_SERVER"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), typeface()],
  build: { outDir: "dist", emptyOutDir: true, manifest: true, assetsInlineLimit: 0, target: "es2023" },
  server: { proxy: { "/api": server, "/ws": { target: server, ws: true } } },
});

/** The page asks for the typeface at once, not only when a style names it; its licence goes where it goes. */
function typeface(): Plugin {
  return {
    name: "typeface",
    apply: "build",
    async generateBundle() {
      const folder = dirname(createRequire(import.meta.url).resolve("@fontsource-variable/inter/package.json"));
      const source = await readFile(join(folder, "LICENSE"));
      this.emitFile({ type: "asset", fileName: "assets/inter-license.txt", source });
    },
    transformIndexHtml: {
      order: "post",
      handler: (_, { bundle = {} }) =>
        Object.keys(bundle)
          .filter((name) => /inter-latin-wght.*\.woff2$/.test(name))
          .map((name) => ({
            tag: "link",
            attrs: { rel: "preload", as: "font", type: "font/woff2", href: `/${name}`, crossorigin: "" },
            injectTo: "head" as const,
          })),
    },
  };
}
