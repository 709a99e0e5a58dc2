import { z } from "zod";
import { id, number, seconds } from "../core/fields.ts";
import { defineCommand } from "../core/message.ts";
import { sample } from "../core/sample.ts";

const { extensionId } = sample;

export const setDnd = defineCommand({
  name: "setDnd",
  source: "W43, C15",
  when: "Switches do not disturb; of the user's own extension unless another is named.",
  permission: "extensions.control.own",
  errors: ["EXTENSION_NOT_FOUND"],
  isIdempotent: true,
  params: z.object({ enabled: z.boolean(), extensionId: id.exactOptional() }),
  result: z.object({ extensionId: id, dndEnabled: z.boolean() }),
  example: { params: { enabled: true }, result: { extensionId, dndEnabled: true } },
});

const forwarding = z.object({
  forwardUnconditionalEnabled: z.boolean().exactOptional(),
  forwardUnconditionalDestination: number.nullable().exactOptional(),
  forwardOnBusyEnabled: z.boolean().exactOptional(),
  forwardOnBusyDestination: number.nullable().exactOptional(),
  forwardOnNoAnswerEnabled: z.boolean().exactOptional(),
  forwardOnNoAnswerDestination: number.nullable().exactOptional(),
  forwardOnNoAnswerTimeout: seconds.max(600).exactOptional(),
});

export const setForwarding = defineCommand({
  name: "setForwarding",
  source: "W43, C15, R10",
  when: "Changes call forwarding; what is not named stays.",
  permission: "extensions.control.own",
  errors: ["EXTENSION_NOT_FOUND", "NUMBER_NOT_REACHABLE"],
  isIdempotent: true,
  params: forwarding.extend({ extensionId: id.exactOptional() }),
  result: forwarding.extend({ extensionId: id }),
  example: {
    params: { forwardOnBusyEnabled: true, forwardOnBusyDestination: "201" },
    result: { extensionId, forwardOnBusyEnabled: true, forwardOnBusyDestination: "201" },
  },
});
