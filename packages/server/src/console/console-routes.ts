import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ConsoleFile, ConsoleFiles } from "./console-files.ts";

/** Pages of the console; each is the same document, which looks at the address itself. */
const pages = [
  "panel",
  "agent",
  "wall",
  "supervisor",
  "calls",
  "voicemail",
  "recordings",
  "history",
  "conferences",
  "admin",
  "events",
  "settings",
  "welcome",
] as const;

/** Scripts from here only, and nothing of other hosts; styles may be inline, as menus are placed by them. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self' ws: wss:",
  "media-src 'self' blob:",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>PBX-X</title>
<h1>PBX-X is running</h1><p>The web console is not built yet. Run <code>npm run build</code> and start again, or start
with <code>npm start</code>, which builds it.</p><p>The interfaces work: <a href="/docs">REST</a>.</p></html>`;

/** The web console at `/`; without a build, a page that says what to do. Never an answer for `/api`, `/ws`, `/docs`. */
export function addConsole(app: FastifyInstance, files: ConsoleFiles | undefined): void {
  const schema = { hide: true };
  // Read from memory, and one page takes many of them.
  const config = { isPublic: true, rateLimit: false as const };
  const document = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    void reply.header("content-security-policy", contentSecurityPolicy);
    const index = files?.get("/index.html");
    if (index === undefined) return reply.code(503).type("text/html; charset=utf-8").send(notBuilt);
    return send(request, reply, index, "no-cache");
  };
  app.get("/", { schema, config }, document);
  for (const page of pages) {
    app.get(`/${page}`, { schema, config }, document);
    app.get(`/${page}/*`, { schema, config }, document);
  }
  for (const [path, file] of files ?? []) {
    if (path === "/index.html") continue;
    // Names of assets have a hash of their content in them.
    const caching = path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
    app.get(path, { schema, config }, (request, reply) => send(request, reply, file, caching));
  }
}

function send(request: FastifyRequest, reply: FastifyReply, file: ConsoleFile, caching: string): FastifyReply {
  void reply.header("cache-control", caching).header("etag", file.etag).header("vary", "accept-encoding");
  if (request.headers["if-none-match"] === file.etag) return reply.code(304).send();
  void reply.type(file.type);
  const accepted = (request.headers["accept-encoding"] ?? "").split(",").map((each) => each.split(";")[0]?.trim());
  if (file.brotli !== undefined && accepted.includes("br"))
    return reply.header("content-encoding", "br").send(file.brotli);
  if (file.gzip !== undefined && accepted.includes("gzip"))
    return reply.header("content-encoding", "gzip").send(file.gzip);
  return reply.send(file.bytes);
}
