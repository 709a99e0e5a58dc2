import { permissions, roles } from "@pbx-x/protocol";
import { z } from "zod";
import { time } from "../rest/answers.ts";
import { userAnswer } from "../users/user-answer.ts";

/** What a log-in or a refresh gives ([R3]). */
export const loginAnswer = z
  .object({
    user: userAnswer,
    tokens: z.object({
      accessToken: z.string(),
      refreshToken: z.string().describe("Good for one refresh."),
      expiresIn: z.int().describe("Seconds that the access token is good for."),
    }),
  })
  .meta({ id: "Login" });

/** Who a token stands for, and what they may. */
export const sessionAnswer = z
  .object({
    userId: z.string(),
    expiresAt: time,
    role: z.enum(roles),
    permissions: z.array(z.enum(permissions)).readonly(),
    extensionId: z.string().nullable(),
    extensionNumber: z.string().nullable(),
  })
  .meta({ id: "Session" });

export const ticketAnswer = z
  .object({
    ticket: z.string(),
    url: z.string().describe("The path with the ticket in it, good as it is for a link or a player."),
    expiresAt: time,
  })
  .meta({ id: "Ticket" });
