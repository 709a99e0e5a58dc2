import type { FastifyInstance } from "fastify";

/**
 * What the client SDK asks from a page of another origin: whether its token counts ([R3]), what it missed ([R4]) and
 * the state ([R5]). All are for reading and by bearer token; no cookie opens anything, so any origin may ask.
 */
const paths = ["/auth/session", "/events", "/snapshot"] as const;

/** Lets pages of other origins ask for these paths (CORS). */
export function addCrossOrigin(api: FastifyInstance): void {
  const open = new Set(paths.map((path) => `${api.prefix}${path}`));
  api.addHook("onRequest", async (request, reply) => {
    if (open.has(request.routeOptions.url ?? "")) void reply.header("access-control-allow-origin", "*");
  });
  for (const path of paths) {
    api.options(path, { config: { isPublic: true }, schema: { hide: true } }, (_request, reply) =>
      reply
        .code(204)
        .header("access-control-allow-methods", "GET")
        .header("access-control-allow-headers", "authorization")
        .header("access-control-max-age", "600")
        .send(),
    );
  }
}
