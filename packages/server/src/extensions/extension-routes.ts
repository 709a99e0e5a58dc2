import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { identityOf, requirePermission } from "../rest/identity-hook.ts";
import { pageQuery, takePage } from "../rest/paging.ts";
import { ProblemError } from "../rest/problem.ts";
import type { Extension } from "./extension.ts";
import type { ExtensionService } from "./extension-service.ts";

/** Registered devices of an extension, as REST shows them. */
export interface RegistrationsPort {
  list(extensionId: string): readonly object[];
  /** False: there is no such registration. */
  forceUnregister(bindingId: string): Promise<boolean>;
}

export interface ExtensionRoutesOptions {
  readonly extensions: ExtensionService;
  readonly registrations: RegistrationsPort;
}

const destination = z.string().min(1).max(64).nullable();
/** `null` takes a value away. */
const changesSchema = z.strictObject({
  displayName: z.string().min(1).max(200).optional(),
  department: z.string().max(200).nullable().optional(),
  dndEnabled: z.boolean().optional(),
  forwardUnconditionalEnabled: z.boolean().optional(),
  forwardUnconditionalDestination: destination.optional(),
  forwardOnBusyEnabled: z.boolean().optional(),
  forwardOnBusyDestination: destination.optional(),
  forwardOnNoAnswerEnabled: z.boolean().optional(),
  forwardOnNoAnswerDestination: destination.optional(),
  forwardOnNoAnswerTimeout: z.int().min(1).max(600).optional(),
  maxConcurrentCalls: z.int().min(1).max(1000).optional(),
  voicemailEnabled: z.boolean().optional(),
  callRecordingPolicy: z.enum(["off", "on_demand", "always"]).optional(),
  canRecordCalls: z.boolean().optional(),
  codecPreferences: z.array(z.string().max(32)).max(16).optional(),
  sipPassword: z.string().min(20).max(128).optional(),
});

/** Extensions and their registrations ([R7], [R10]). */
export function createExtensionRoutes({ extensions, registrations }: ExtensionRoutesOptions) {
  const show = (extension: Extension): object => ({ ...extension, registrations: registrations.list(extension.id) });
  const params = z.object({ id: z.string() });
  return (instance: FastifyInstance): void => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    app.get("/extensions", { schema: { querystring: pageQuery } }, (request) => {
      const { permissions, extensionId } = identityOf(request);
      const search = request.query.search?.toLowerCase() ?? "";
      const seen = extensions
        .all()
        .filter(({ id }) => permissions.has("extensions.view.all") || id === extensionId)
        .filter(({ number, displayName }) => `${number} ${displayName}`.toLowerCase().includes(search));
      const page = takePage(seen, request.query);
      return { ...page, data: page.data.map(show) };
    });
    app.get("/extensions/:id", { schema: { params } }, (request) => {
      const { permissions, extensionId } = identityOf(request);
      const { id } = request.params;
      const extension = permissions.has("extensions.view.all") || id === extensionId ? extensions.byId(id) : undefined;
      if (extension === undefined) throw new ProblemError(404, "There is no such extension.");
      return show(extension);
    });
    app.patch("/extensions/:id", { schema: { params, body: changesSchema } }, async (request) => {
      const { userId } = requirePermission(request, "system.configure");
      const { sipPassword, ...settings } = request.body;
      // A null takes the value away; the schema allows it for optional fields only.
      const changes = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, value ?? undefined]));
      const after = await extensions.update(request.params.id, changes, { via: "admin", userId }, sipPassword);
      if (after === undefined) throw new ProblemError(404, "There is no such extension.");
      return show(after);
    });
    const bindingParams = z.object({ id: z.string(), bindingId: z.string() });
    app.delete(
      "/extensions/:id/registrations/:bindingId",
      { schema: { params: bindingParams } },
      async (request, reply) => {
        requirePermission(request, "extensions.control.all");
        if (!(await registrations.forceUnregister(request.params.bindingId))) {
          throw new ProblemError(404, "There is no such registration.");
        }
        return reply.code(204).send();
      },
    );
  };
}
