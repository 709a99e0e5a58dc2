import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DefaultTheme } from "vitepress";
import { readOpenApi, tagsOf } from "./open-api-pages.ts";

const docs = join(import.meta.dirname, "..");

/** Pages that are read in this order; all others of their folder follow by name, so that a new one is never forgotten. */
const first: Readonly<Record<string, readonly string[]>> = {
  ".": ["quick-start", "concepts"],
  operations: ["systemd", "docker", "reverse-proxy", "tls", "backup", "upgrade", "metrics"],
  reference: ["events", "commands", "channels", "errors"],
};
/** Pages of the top folder that stand in a group of their own. */
const groups = {
  phones: ["phones", "provisioning", "trunks"],
  build: ["agent-desktop", "sdk", "sandbox", "socket-io", "webhooks"],
  background: ["architecture", "security", "benchmarks", "conformance"],
};

export function sidebar(): DefaultTheme.SidebarItem[] {
  const taken = new Set<string>([...Object.values(groups).flat(), ...(first["."] ?? []), "index"]);
  const rest = pagesOf(".").filter((name) => !taken.has(name));
  return [
    { text: "Start", items: items(".", present(".", first["."] ?? [])) },
    { text: "Phones and carriers", items: items(".", present(".", groups.phones)) },
    { text: "What it does", items: items(".", rest) },
    { text: "Build with it", items: items(".", present(".", groups.build)) },
    { text: "Socket reference", collapsed: true, items: items("reference", pagesOf("reference")) },
    {
      text: "REST reference",
      collapsed: true,
      items: [
        { text: "Overview", link: "/rest/" },
        ...tagsOf(readOpenApi()).map(({ name }) => ({ text: name, link: `/rest/${name}` })),
      ],
    },
    { text: "Operations", items: items("operations", pagesOf("operations")) },
    { text: "Background", items: items(".", present(".", groups.background)) },
    { text: "Rules", collapsed: true, items: items("spec", pagesOf("spec")) },
    { text: "Decisions", collapsed: true, items: items("decisions", pagesOf("decisions")) },
  ].filter((group) => group.items.length > 0);
}

function pagesOf(folder: string): readonly string[] {
  const ordered = first[folder] ?? [];
  const all = readdirSync(join(docs, folder))
    .filter((name) => name.endsWith(".md") && name !== "index.md" && name !== "README.md" && !name.startsWith("["))
    .map((name) => name.slice(0, -3))
    .toSorted();
  return [...present(folder, ordered), ...all.filter((name) => !ordered.includes(name))];
}

function present(folder: string, names: readonly string[]): readonly string[] {
  return names.filter((name) => existsSync(join(docs, folder, `${name}.md`)));
}

function items(folder: string, names: readonly string[]): DefaultTheme.SidebarItem[] {
  return names.map((name) => {
    const path = folder === "." ? name : `${folder}/${name}`;
    return { text: titleOf(`${path}.md`), link: `/${path}` };
  });
}

function titleOf(path: string): string {
  const [, title = path] = /^# (.+)$/m.exec(readFileSync(join(docs, path), "utf8")) ?? [];
  return title.replaceAll("`", "");
}
