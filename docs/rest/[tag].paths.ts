import { printIndex, printTag, readOpenApi, tagsOf } from "../.vitepress/open-api-pages.ts";

/** A page for each tag of the OpenAPI document, made at each build, and one that lists them. */
export default {
  paths: () => {
    const document = readOpenApi();
    const tags = tagsOf(document);
    const pages = tags.map((tag) => ({ params: { tag: tag.name }, content: printTag(tag, document) }));
    return [{ params: { tag: "index" }, content: printIndex(tags) }, ...pages];
  },
};
