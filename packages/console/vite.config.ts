import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** `npm run dev` beside a running server: it passes the interfaces on. */
const server = process.env["CONSOLE_SERVER"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  build: { outDir: "dist", emptyOutDir: true, manifest: true, assetsInlineLimit: 0, target: "es2023" },
  server: { proxy: { "/api": server, "/ws": { target: server, ws: true } } },
});
