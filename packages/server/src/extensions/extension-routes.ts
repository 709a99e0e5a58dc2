import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { identityOf, requirePermission } from "../rest/identity-hook.ts";
import { nothing, pageOf } from "../rest/answers.ts";
import { announcementLanguages } from "../announcements/announcement-texts.ts";
import type { PromptLibrary } from "../prompts/prompt-library.ts";
import { pageQuery, searchPage, takePage } from "../rest/paging.ts";
import { ProblemError } from "../rest/problem.ts";
import type { Cause } from "../calls/decision.ts";
import type { NewId } from "../ids.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import type { UserStore } from "../users/user-store.ts";
import { mailboxPin, type MailboxPins } from "../voicemail/mailbox-pins.ts";
import { defaultExtension } from "./default-extension.ts";
import type { Extension } from "./extension.ts";
import { createdExtensionAnswer, directoryEntry, extensionAnswer, type Registration } from "./extension-answer.ts";
import type { ExtensionService } from "./extension-service.ts";
import type { ExtensionSettings, SettingOutcome } from "./extension-settings.ts";
import type { SettingFault } from "./forwarding-check.ts";
import { generatePassword } from "./sip-secret.ts";

/** Registered devices of an extension, as REST shows them. */
export interface RegistrationsPort {
  list(extensionId: string): readonly Registration[];
  idsOf(extensionId: string): readonly string[];
  /** False: there is no such registration. */
  forceUnregister(bindingId: string): Promise<boolean>;
}

export interface ExtensionRoutesOptions {
  readonly extensions: ExtensionService;
  readonly settings: ExtensionSettings;
  readonly prompts: Pick<PromptLibrary, "byId">;
  readonly pins: Pick<MailboxPins, "set">;
  readonly registrations: RegistrationsPort;
  readonly users: Pick<UserStore, "find">;
  readonly audit: Pick<AuditLog, "write">;
  readonly newId: NewId;
}

const tags = ["extensions"];

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
  voicemailEmailEnabled: z.boolean().optional(),
  voicemailEmail: z.email().max(200).nullable().optional(),
  /** In which its mailbox speaks. */
  language: z.enum(announcementLanguages).nullable().optional(),
  /** Write-only: what `*97` asks for. */
  voicemailPin: mailboxPin.nullable().optional(),
  callRecordingPolicy: z.enum(["off", "on_demand", "always"]).optional(),
  canRecordCalls: z.boolean().optional(),
  codecPreferences: z.array(z.string().max(32)).max(16).optional(),
  /** A prompt that who is held hears. */
  holdMusicPromptId: z.string().max(128).nullable().optional(),
  /** Whose extension it is; at most one extension per user counts as the own one. */
  userId: z.string().max(128).nullable().optional(),
  /** Write-only. */
  sipPassword: z.string().min(20).max(128).optional(),
});
const creationSchema = changesSchema.extend({
  number: z.string().regex(/^[0-9]{2,10}$/, "2 to 10 digits"),
  displayName: z.string().min(1).max(200),
});

/** What users may change of their own extension without the right to configure ([E3]). */
const ownSettings: ReadonlySet<string> = new Set([
  "dndEnabled",
  "forwardUnconditionalEnabled",
  "forwardUnconditionalDestination",
  "forwardOnBusyEnabled",
  "forwardOnBusyDestination",
  "forwardOnNoAnswerEnabled",
  "forwardOnNoAnswerDestination",
  "forwardOnNoAnswerTimeout",
  "language",
  "voicemailPin",
]);

/** Extensions and their registrations ([R7], [R10]). */
export function createExtensionRoutes(options: ExtensionRoutesOptions) {
  const { extensions, settings: changer, prompts, pins, registrations, users, audit, newId } = options;
  const checkUser = async (userId: string | null | undefined): Promise<void> => {
    if (userId === undefined || userId === null || (await users.find(userId)) !== undefined) return;
    const errors = [{ field: "userId", message: "is nobody's" }];
    throw new ProblemError(422, "There is no such user.", { errors });
  };
  const checkMusic = (promptId: string | null | undefined): void => {
    if (promptId === undefined || promptId === null || prompts.byId(promptId) !== undefined) return;
    const errors = [{ field: "holdMusicPromptId", message: "is no prompt" }];
    throw new ProblemError(422, "There is no such prompt.", { errors });
  };
  const show = (extension: Extension) => ({ ...extension, registrations: registrations.list(extension.id) });
  const params = z.object({ id: z.string() });
  const response = { 200: extensionAnswer };
  return (instance: FastifyInstance): void => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    app.get(
      "/extensions",
      {
        schema: {
          tags,
          summary: "Extensions with their phones",
          querystring: pageQuery,
          response: { 200: pageOf(extensionAnswer) },
        },
      },
      (request) => {
        const { permissions, extensionId } = identityOf(request);
        const seen = extensions.all().filter(({ id }) => permissions.has("extensions.view.all") || id === extensionId);
        const page = searchPage(seen, request.query, ({ number, displayName }) => `${number} ${displayName}`);
        return { ...page, data: page.data.map(show) };
      },
    );
    app.get("/extensions/:id", { schema: { tags, summary: "One extension", params, response } }, (request) => {
      const { permissions, extensionId } = identityOf(request);
      const { id } = request.params;
      const extension = permissions.has("extensions.view.all") || id === extensionId ? extensions.byId(id) : undefined;
      if (extension === undefined) throw new ProblemError(404, "There is no such extension.");
      return show(extension);
    });
    const create = {
      config: { problems: [409, 422] },
      schema: {
        tags,
        summary: "Create an extension; a generated SIP password is shown once",
        body: creationSchema,
        response: { 201: createdExtensionAnswer },
      },
    };
    app.post("/extensions", create, async (request, reply) => {
      const by = requirePermission(request, "system.configure");
      const { sipPassword: given, voicemailPin, number, displayName, userId, ...settings } = request.body;
      await checkUser(userId);
      checkMusic(settings.holdMusicPromptId);
      const told = Object.entries(settings).filter(([, value]) => value !== undefined && value !== null);
      // The defaults with fields of the schema replaced by values of their own types.
      const extension = {
        ...defaultExtension(newId(), number, displayName, userId ?? undefined),
        ...Object.fromEntries(told),
      } as Extension;
      refuseFaults(changer.check(extension));
      const secret = given ?? generatePassword();
      if (!(await extensions.create(extension, secret, { via: "admin", userId: by.userId }))) {
        const errors = [{ field: "number", message: "is taken" }];
        throw new ProblemError(409, `Extension ${number} is there already.`, { errors });
      }
      if (voicemailPin !== undefined) await pins.set(extension.id, voicemailPin ?? undefined);
      audit.write(by.userId, "extension.create", number);
      return reply.code(201).send({ ...show(extension), ...(given === undefined && { sipPassword: secret }) });
    });
    const patch = {
      config: { problems: [422] },
      schema: {
        tags,
        summary: "Change an extension; forwarding and do not disturb are the user's own",
        params,
        body: changesSchema,
        response,
      },
    };
    app.patch("/extensions/:id", patch, async (request) => {
      const { sipPassword, voicemailPin, ...settings } = request.body;
      const cause = mayChange(request, request.params.id, Object.keys(request.body));
      await checkUser(settings.userId);
      checkMusic(settings.holdMusicPromptId);
      // A null takes the value away; the schema allows it for optional fields only.
      const changes = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, value ?? undefined]));
      const extension = changedOf(await changer.change(request.params.id, changes, cause, sipPassword));
      if (voicemailPin !== undefined) {
        await pins.set(extension.id, voicemailPin ?? undefined);
        audit.write(cause.userId, "voicemail.pin", extension.number, { isSet: voicemailPin !== null });
      }
      return show(extension);
    });
    const remove = {
      schema: { tags, summary: "Delete an extension; its phones are unregistered", params, response: { 204: nothing } },
    };
    app.delete("/extensions/:id", remove, async (request, reply) => {
      const { userId } = requirePermission(request, "system.configure");
      const extension = extensions.byId(request.params.id);
      if (extension === undefined) throw new ProblemError(404, "There is no such extension.");
      for (const bindingId of registrations.idsOf(extension.id)) await registrations.forceUnregister(bindingId);
      await extensions.remove(extension.id, { via: "admin", userId });
      audit.write(userId, "extension.delete", extension.number);
      return reply.code(204).send();
    });
    app.get(
      "/directory",
      {
        schema: {
          tags,
          summary: "Names and numbers, for everybody",
          querystring: pageQuery,
          response: { 200: pageOf(directoryEntry) },
        },
      },
      (request) => {
        if (identityOf(request).role === "display") throw new ProblemError(403, "A display token sees no numbers.");
        const search = request.query.search?.toLowerCase() ?? "";
        const entries = extensions
          .all()
          .map(({ id, number, displayName, department }) => ({
            extensionId: id,
            number,
            displayName,
            ...(department !== undefined && { department }),
          }))
          .filter((entry) => Object.values(entry).join(" ").toLowerCase().includes(search));
        return takePage(entries, request.query);
      },
    );
    const bindingParams = z.object({ id: z.string(), bindingId: z.string() });
    app.delete(
      "/extensions/:id/registrations/:bindingId",
      { schema: { tags, summary: "Force a phone to unregister", params: bindingParams, response: { 204: nothing } } },
      async (request, reply) => {
        const by = requirePermission(request, "extensions.control.all");
        const { id, bindingId } = request.params;
        const isThere = registrations.idsOf(id).includes(bindingId);
        if (!isThere || !(await registrations.forceUnregister(bindingId))) {
          throw new ProblemError(404, "There is no such registration.");
        }
        audit.write(by.userId, "registration.end", bindingId);
        return reply.code(204).send();
      },
    );
  };
}

/** Who changes what: everything by the right to configure, forwarding and do not disturb of the own extension by everybody. */
function mayChange(request: FastifyRequest, id: string, fields: readonly string[]): Cause {
  const { permissions, userId, extensionId } = identityOf(request);
  if (permissions.has("system.configure")) return { via: "admin", userId };
  const right = id === extensionId ? "extensions.control.own" : "extensions.control.all";
  if (!permissions.has(right)) throw new ProblemError(403, `The right ${right} is missing.`);
  const others = fields.filter((field) => !ownSettings.has(field));
  if (others.length > 0) throw new ProblemError(403, `The right system.configure is missing for ${others.join(", ")}.`);
  return { via: "command", userId };
}

function changedOf(outcome: SettingOutcome): Extension {
  if (outcome.ok) return outcome.extension;
  if (outcome.error === "unknown_extension") throw new ProblemError(404, "There is no such extension.");
  refuseFaults(outcome.faults);
  throw new ProblemError(422, "The settings are not taken.");
}

function refuseFaults(faults: readonly SettingFault[]): void {
  if (faults.length === 0) return;
  const errors = faults.map(({ field, message }) => ({ field, message }));
  throw new ProblemError(422, "The settings are not taken.", { errors });
}
