import { copyFile, cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { defineConfig } from "vitepress";
import { sidebar } from "./navigation.ts";
import { addPlainText, addSourceLinks } from "./source-links.ts";

const docs = join(import.meta.dirname, "..");
/** Files that pages link to and that are no pages. */
const beside = ["openapi.json", "asyncapi.json", "schemas"];

/** The documentation as a site. Dead links fail the build. */
export default defineConfig({
  title: "PBX-X",
  description: "A business telephone system whose heart is its real-time interface",
  lang: "en",
  cleanUrls: true,
  lastUpdated: false,
  rewrites: { "decisions/README.md": "decisions/index.md" },
  // It is served from anywhere: a folder below a domain, too.
  base: process.env["DOCS_BASE"] ?? "/",
  outDir: process.env["DOCS_OUT"] ?? join(docs, ".vitepress", "dist"),
  markdown: {
    // Pages are read in the repository too: what looks like a tag or like `{{` there is text.
    html: false,
    linkify: false,
    config: (markdown) => {
      addPlainText(markdown);
      addSourceLinks(markdown, docs, process.env["DOCS_SOURCE_URL"]);
    },
  },
  themeConfig: {
    search: { provider: "local" },
    outline: { level: [2, 3] },
    nav: [
      { text: "Quick start", link: "/quick-start" },
      { text: "Phones", link: "/phones" },
      { text: "Events", link: "/reference/events" },
      { text: "REST", link: "/rest/" },
      { text: "Operations", link: "/operations/systemd" },
    ],
    sidebar: sidebar(),
  },
  buildEnd: async ({ outDir }) => {
    const target = join(outDir, "reference");
    await mkdir(target, { recursive: true });
    for (const name of beside) {
      const [from, to] = [join(docs, "reference", name), join(target, name)];
      await (name.endsWith(".json") ? copyFile(from, to) : cp(from, to, { recursive: true }));
    }
  },
});
