import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { createProblem } from "../rest/problem.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import type { DeviceBook, KeptDevice } from "./device-book.ts";
import { type AskedFile, parseFileName } from "./file-name.ts";
import { decideFetch, type FetchDecision } from "./fetch-decision.ts";
import { originOf, type RequestOrigin } from "./request-origin.ts";

export interface ProvisioningRoutesOptions {
  readonly devices: Pick<DeviceBook, "byMac">;
  readonly isPlainAllowed: boolean;
  /** The file of a device; undefined where it cannot be made. Called with its right secret only. */
  readonly fileOf: (
    kept: KeptDevice,
    secret: string,
    origin: RequestOrigin,
    userAgent: string | undefined,
  ) => Promise<{ readonly contentType: string; readonly text: string } | undefined>;
  /** Counts what was wrong; seconds to wait, 0 while it is not too much. */
  readonly limitWrong: (account: string, address: string) => number;
  readonly audit: Pick<AuditLog, "write">;
}

const file = z.string().min(1).max(80);
const text = {
  description: "The settings",
  content: { "text/plain": { schema: z.string() }, "application/xml": { schema: z.string() } },
};
const described = { tags: ["devices"], response: { 200: text } };

/** The files that phones fetch ([F4]): outside of `/api/v1`, by the secret of the device alone. */
export function createProvisioningRoutes(options: ProvisioningRoutesOptions) {
  const { devices, isPlainAllowed, fileOf, limitWrong, audit } = options;

  const answer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    name: string,
    secret: string | undefined,
  ): Promise<string> => {
    const asked = parseFileName(name);
    const origin = originOf(request);
    const userAgent = request.headers["user-agent"]?.slice(0, 200);
    const decision = decideFetch(
      { asked, secret, userAgent, address: origin.address, isEncrypted: origin.isEncrypted },
      { byMac: (mac) => devices.byMac(mac), isPlainAllowed },
    );
    void reply.header("cache-control", "no-store");
    const made =
      decision.kind === "serve" && secret !== undefined
        ? await fileOf(decision.kept, secret, origin, userAgent)
        : undefined;
    if (made === undefined || decision.kind !== "serve") {
      const kind = decision.kind === "serve" ? "not_found" : decision.kind;
      return refuse(reply, kind, { asked, origin, userAgent });
    }
    const { device } = decision.kept;
    audit.write(undefined, "device.fetch", device.mac, { deviceId: device.id, address: origin.address });
    void reply.type(made.contentType);
    return made.text;
  };

  const refuse = (
    reply: FastifyReply,
    kind: Exclude<FetchDecision["kind"], "serve">,
    told: { asked: AskedFile | undefined; origin: RequestOrigin; userAgent: string | undefined },
  ): FastifyReply => {
    const problem = (status: number, detail: string): FastifyReply =>
      reply
        .code(status)
        .type("application/problem+json")
        .send(JSON.stringify(createProblem(status, { detail })));
    if (kind === "plain_refused") {
      return problem(403, "From outside of a private network settings are for HTTPS only.");
    }
    if (kind === "challenge") {
      void reply.header("www-authenticate", 'Basic realm="PBX-X", charset="UTF-8"');
      return problem(401, "The secret of the device is needed.");
    }
    const waitSeconds = limitWrong("provision", told.origin.address);
    if (waitSeconds > 0) {
      void reply.header("retry-after", String(waitSeconds));
      return problem(429, "Too many wrong tries; wait a little.");
    }
    // What is asked for may be a guess; only a well-formed MAC address is noted, never the path.
    audit.write(undefined, "device.refused", told.asked?.mac ?? "", {
      address: told.origin.address,
      ...(told.userAgent !== undefined && { userAgent: told.userAgent }),
    });
    return problem(404, "There is nothing here.");
  };

  return (instance: FastifyInstance): void => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const config = { problems: [401, 403] };
    const byBasic = {
      config,
      schema: { ...described, summary: "A phone's settings, by HTTP Basic", params: z.object({ file }) },
    };
    app.get("/provision/:file", byBasic, (request, reply) =>
      answer(request, reply, request.params.file, basicSecretOf(request)),
    );
    const params = z.object({ secret: z.string().min(1).max(80), file });
    const byPath = {
      config,
      schema: { ...described, summary: "A phone's settings, by the secret in the path", params },
    };
    app.get("/provision/:secret/:file", byPath, (request, reply) =>
      answer(request, reply, request.params.file, request.params.secret),
    );
  };
}

/** The password of `Authorization: Basic`; the user does not matter, it may be a MAC address with its colons. */
export function basicSecretOf({ headers }: Pick<FastifyRequest, "headers">): string | undefined {
  const [, encoded] = /^Basic ([A-Za-z0-9+/]{1,400}={0,2})$/i.exec(headers.authorization ?? "") ?? [];
  if (encoded === undefined) return undefined;
  const [, secret] = /:([^:]*)$/.exec(Buffer.from(encoded, "base64").toString("utf8")) ?? [];
  return secret;
}
