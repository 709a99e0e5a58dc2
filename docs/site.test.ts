import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { DefaultTheme } from "vitepress";
import { describe, expect, it } from "vitest";
import { sidebar } from "./.vitepress/navigation.ts";
import { printIndex, printTag, readOpenApi, tagsOf } from "./.vitepress/open-api-pages.ts";

const linksOf = (items: readonly DefaultTheme.SidebarItem[]): readonly string[] =>
  items.flatMap(({ link, items: inner = [] }) => [...(link === undefined ? [] : [link]), ...linksOf(inner)]);

describe("the site", () => {
  it("has every page in its navigation, each once, also those that nobody put there", () => {
    const links = linksOf(sidebar());
    expect(new Set(links).size).toBe(links.length);
    const pages = [".", "operations", "reference", "spec", "decisions"].flatMap((folder) =>
      readdirSync(join(import.meta.dirname, folder))
        .filter((name) => name.endsWith(".md") && !["index.md", "README.md"].includes(name))
        .map((name) => `/${folder === "." ? "" : `${folder}/`}${name.slice(0, -3)}`),
    );
    expect(links.filter((link) => !link.startsWith("/rest/")).toSorted()).toEqual(pages.toSorted());
  });

  it("has every route on a page of its tag, with the objects that it answers", () => {
    const document = readOpenApi();
    const tags = tagsOf(document);
    const pages = new Map(tags.map((tag) => [tag.name, printTag(tag, document)]));
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, { tags: [tag = "system"] = [] }] of Object.entries(methods)) {
        expect(pages.get(tag)).toContain(`**${method.toUpperCase()}** \`${path}\``);
      }
    }
    for (const text of pages.values()) {
      const targets = [...text.matchAll(/\]\(#([\w-]+)\)/g)].map(([, target]) => target);
      const headings = new Set([...text.matchAll(/^### (.+)$/gm)].map(([, heading = ""]) => heading.toLowerCase()));
      expect(targets.filter((target) => target !== undefined && !headings.has(target))).toEqual([]);
    }
    for (const { name, description } of tags) expect({ name, description }).not.toMatchObject({ description: "" });
    for (const { name } of tags) expect(printIndex(tags)).toContain(`[${name}](./${name})`);
  });
});
