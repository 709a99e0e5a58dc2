import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { MarkdownOptions } from "vitepress";

type Markdown = Parameters<NonNullable<MarkdownOptions["config"]>>[0];

/**
 * Pages link to files of the repository beside `docs`, which are no pages of the site. Where `DOCS_SOURCE_URL` says where
 * the repository can be read they lead there, else they are shown as what they are: the file's path. A file that is not
 * there fails the build, as a dead link does.
 */
export function addSourceLinks(markdown: Markdown, docs: string, sourceUrl: string | undefined): void {
  markdown.core.ruler.push("source-links", ({ tokens, env }) => {
    // Set by VitePress.
    const { path } = env as { readonly path?: string };
    if (path === undefined) return;
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type !== "link_open") continue;
      const href = token.attrGet("href") ?? "";
      if (/^(?:[a-z][a-z+.-]*:|#|\/)/i.test(href)) continue;
      const target = join(dirname(path), decodeURI(href.split("#")[0] ?? ""));
      const inRepository = relative(join(docs, ".."), target);
      if (!inRepository.startsWith("docs")) {
        if (!existsSync(target))
          throw new Error(`${relative(docs, path)} links to ${inRepository}, which is not there`);
        if (sourceUrl === undefined) token.attrSet("data-source", inRepository);
        token.attrSet("href", sourceUrl === undefined ? "#" : `${sourceUrl}/${inRepository}`);
      }
    }
  });
  const { link_open: open, link_close: close } = markdown.renderer.rules;
  let isText = false;
  markdown.renderer.rules.link_open = (tokens, index, options, env, self) => {
    const source = tokens[index]?.attrGet("data-source");
    isText = typeof source === "string";
    if (isText) return `<span class="source" title="${markdown.utils.escapeHtml(source ?? "")}">`;
    return open === undefined ? self.renderToken(tokens, index, options) : open(tokens, index, options, env, self);
  };
  markdown.renderer.rules.link_close = (tokens, index, options, env, self) => {
    if (isText) {
      isText = false;
      return "</span>";
    }
    return close === undefined ? self.renderToken(tokens, index, options) : close(tokens, index, options, env, self);
  };
}

/** Comments are left out, and nothing in a page is taken for the site's own template language. */
export function addPlainText(markdown: Markdown): void {
  markdown.core.ruler.before("normalize", "comments", (state) => {
    state.src = state.src.replaceAll(/<!--(?! @).*?-->/gs, "");
  });
  markdown.renderer.rules.text = (tokens, index) =>
    markdown.utils.escapeHtml(tokens[index]?.content ?? "").replaceAll("{{", "&#123;&#123;");
}
