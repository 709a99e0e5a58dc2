import { z } from "zod";
import {
  commands,
  eventSchema,
  events,
  isEventType,
  refusalSchema,
  successSchema,
  isCommandName,
} from "../../src/index.ts";
import { example } from "./examples.ts";
import { jsonSchemaOf } from "./json-schema.ts";

/** The socket as an AsyncAPI 3.0 document. */
export function asyncApiDocument(): Readonly<Record<string, unknown>> {
  const eventMessages = Object.keys(events)
    .filter((type) => isEventType(type))
    .map((type) => {
      const definition = events[type];
      return [
        type,
        {
          name: type,
          summary: definition.when,
          contentType: "application/json",
          payload: jsonSchemaOf(eventSchema(type)),
          examples: [{ payload: example(type) }],
        },
      ] as const;
    });
  const names = Object.keys(commands).filter((name) => isCommandName(name));
  const commandMessages = names.map((name) => {
    const { when, params, example: sample } = commands[name];
    const idField = name === "ping" ? z.string().optional() : z.string();
    const payload = z.object({
      id: idField,
      command: z.literal(name),
      params: name === "ping" ? params.optional() : params,
    });
    return [
      name,
      {
        name,
        summary: when,
        contentType: "application/json",
        payload: jsonSchemaOf(payload),
        examples: [{ payload: { id: "req-001", command: name, params: sample.params } }],
      },
    ] as const;
  });
  const answers = names
    .filter((name) => name !== "ping")
    .map(
      (name) =>
        [
          `${name}Answer`,
          { name: `${name}Answer`, contentType: "application/json", payload: jsonSchemaOf(successSchema(name)) },
        ] as const,
    );
  const refusal = [
    "refusal",
    { name: "refusal", contentType: "application/json", payload: jsonSchemaOf(refusalSchema) },
  ] as const;
  const messages = Object.fromEntries([...eventMessages, ...commandMessages, ...answers, refusal]);
  const refs = (list: readonly (readonly [string, unknown])[]): unknown =>
    list.map(([name]) => ({ $ref: `#/channels/socket/messages/${name}` }));
  return {
    asyncapi: "3.0.0",
    info: {
      title: "PBX-X real-time interface",
      version: "1.0.0",
      description: "Events and commands of the telephone system over one WebSocket, or one connection of Socket.IO.",
      license: { name: "MIT" },
    },
    defaultContentType: "application/json",
    servers: {
      pbx: {
        host: "pbx-x.example.com",
        pathname: "/ws",
        protocol: "wss",
        security: [{ $ref: "#/components/securitySchemes/bearer" }],
      },
      socketIo: {
        host: "pbx-x.example.com",
        pathname: "/socket.io",
        protocol: "socket.io",
        description:
          "The same messages for Socket.IO clients of the versions 3 and 4: events arrive under their type, a command goes " +
          'as emit("command", message, acknowledgement), its answer is the acknowledgement. `auth` has `token`, `clientId`, ' +
          "and to go on with a session `sessionId`, `epoch` and `since`.",
        security: [{ $ref: "#/components/securitySchemes/bearer" }],
      },
    },
    channels: {
      socket: {
        // Each server's own path.
        address: null,
        servers: [{ $ref: "#/servers/pbx" }, { $ref: "#/servers/socketIo" }],
        messages,
      },
    },
    operations: {
      receiveEvents: { action: "receive", channel: { $ref: "#/channels/socket" }, messages: refs(eventMessages) },
      sendCommands: {
        action: "send",
        channel: { $ref: "#/channels/socket" },
        messages: refs(commandMessages),
        reply: { channel: { $ref: "#/channels/socket" }, messages: refs([...answers, refusal]) },
      },
    },
    components: { securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } } },
  };
}
