import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { ExtensionDirectory } from "../extensions/extension.ts";
import type { NewId } from "../ids.ts";
import { nothing, pageOf } from "../rest/answers.ts";
import { requirePermission } from "../rest/identity-hook.ts";
import { pageQuery, searchPage } from "../rest/paging.ts";
import { ProblemError } from "../rest/problem.ts";
import type { AuditLog } from "../storage/audit-log.ts";
import type { Device } from "./device.ts";
import {
  deviceAnswer,
  deviceChanges,
  deviceCreation,
  deviceMade,
  deviceRotated,
  showDevice,
  showDeviceSecret,
} from "./device-answer.ts";
import type { DeviceBook, DeviceDigest, DeviceOutcome, KeptDevice } from "./device-book.ts";
import { createDeviceSecret, hashDeviceSecret } from "./device-secret.ts";
import { givenFields } from "../rest/given-fields.ts";

export interface DeviceRoutesOptions {
  readonly devices: DeviceBook;
  readonly extensions: Pick<ExtensionDirectory, "byId">;
  /** What a phone of an extension is checked by, with the SIP password that its secret makes. */
  readonly digestOf: (number: string, secret: string) => DeviceDigest;
  readonly audit: Pick<AuditLog, "write">;
  readonly newId: NewId;
  readonly now: () => number;
}

const tags = ["devices"];
const params = z.object({ id: z.string() });

/** Desk phones that fetch their settings ([F1]); for administrators. */
export function createDeviceRoutes(options: DeviceRoutesOptions) {
  const { devices, extensions, digestOf, audit, newId, now } = options;
  const find = (id: string): KeptDevice => {
    const kept = devices.byId(id);
    if (kept === undefined) throw new ProblemError(404, "There is no such device.");
    return kept;
  };
  const numberOf = (extensionId: string): string => {
    const extension = extensions.byId(extensionId);
    if (extension !== undefined) return extension.number;
    const errors = [{ field: "extensionId", message: "is no extension" }];
    throw new ProblemError(422, "There is no such extension.", { errors });
  };
  const wordsOf = ({ device }: KeptDevice): string => {
    const extension = extensions.byId(device.extensionId);
    const words = [device.mac, device.vendor, device.model, device.label, extension?.number, extension?.displayName];
    return words.join(" ");
  };

  return (instance: FastifyInstance): void => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const response = { 200: deviceAnswer };
    const list = {
      schema: {
        tags,
        summary: "Phones that fetch their settings",
        querystring: pageQuery,
        response: { 200: pageOf(deviceAnswer) },
      },
    };
    app.get("/devices", list, (request) => {
      requirePermission(request, "system.configure");
      const page = searchPage(devices.all(), request.query, wordsOf);
      return { ...page, data: page.data.map(({ device }) => showDevice(device)) };
    });
    app.get("/devices/:id", { schema: { tags, summary: "One phone", params, response } }, (request) => {
      requirePermission(request, "system.configure");
      return showDevice(find(request.params.id).device);
    });
    const create = {
      config: { problems: [409, 422] },
      schema: {
        tags,
        summary: "Add a phone; its secret is shown once",
        body: deviceCreation,
        response: { 201: deviceMade },
      },
    };
    app.post("/devices", create, async (request, reply) => {
      const { userId } = requirePermission(request, "system.configure");
      // Fields of the schema with values of their own types.
      const device = { id: newId(), ...givenFields(request.body), createdAtMs: now() } as unknown as Device;
      const secret = createDeviceSecret();
      const digest = digestOf(numberOf(device.extensionId), secret);
      madeOf(await devices.create({ device, secretHash: hashDeviceSecret(secret), digest }));
      audit.write(userId, "device.create", device.mac, { deviceId: device.id });
      return reply.code(201).send({ ...showDevice(device), ...showDeviceSecret(device, secret) });
    });
    const patch = {
      config: { problems: [422] },
      schema: { tags, summary: "Change a phone; it shows at its next fetch", params, body: deviceChanges, response },
    };
    app.patch("/devices/:id", patch, async (request) => {
      const { userId } = requirePermission(request, "system.configure");
      if (request.body.extensionId !== undefined) numberOf(request.body.extensionId);
      const outcome = await devices.update(request.params.id, (before) => {
        const merged = Object.entries({ ...before.device, ...request.body });
        // A null takes the value away; the schema allows it for optional fields only.
        const device = Object.fromEntries(merged.filter(([, value]) => value !== null)) as unknown as Device;
        return { ...before, device };
      });
      const { device } = madeOf(outcome);
      audit.write(userId, "device.change", device.mac, { deviceId: device.id, fields: Object.keys(request.body) });
      return showDevice(device);
    });
    const rotate = {
      config: { problems: [422] },
      schema: {
        tags,
        summary: "A new secret, shown this once; the old one and its SIP password end",
        params,
        response: { 200: deviceRotated },
      },
    };
    app.post("/devices/:id/secret", rotate, async (request) => {
      const { userId } = requirePermission(request, "system.configure");
      const { device: before } = find(request.params.id);
      const secret = createDeviceSecret();
      const digest = digestOf(numberOf(before.extensionId), secret);
      const secretHash = hashDeviceSecret(secret);
      const { device } = madeOf(await devices.update(before.id, (kept) => ({ ...kept, secretHash, digest })));
      audit.write(userId, "device.rotateSecret", device.mac, { deviceId: device.id });
      return showDeviceSecret(device, secret);
    });
    const remove = {
      schema: { tags, summary: "Delete a phone; its SIP password ends", params, response: { 204: nothing } },
    };
    app.delete("/devices/:id", remove, async (request, reply) => {
      const { userId } = requirePermission(request, "system.configure");
      const { device } = madeOf(await devices.remove(request.params.id));
      audit.write(userId, "device.delete", device.mac, { deviceId: device.id });
      return reply.code(204).send();
    });
  };
}

function madeOf(outcome: DeviceOutcome): KeptDevice {
  if (outcome.ok) return outcome.kept;
  if (outcome.reason === "no_such_device") throw new ProblemError(404, "There is no such device.");
  if (outcome.reason === "too_many") throw new ProblemError(409, "There are too many devices; delete one first.");
  const errors = [{ field: "mac", message: "is taken" }];
  throw new ProblemError(409, "There is a device with this MAC address.", { errors });
}
