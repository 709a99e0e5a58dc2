import { permissions, roles } from "@pbx-x/protocol";
import { z } from "zod";

/** A user as REST shows it: without the password ([R7]). */
export const userAnswer = z
  .object({
    id: z.string(),
    email: z.string(),
    displayName: z.string(),
    role: z.enum(roles),
    isActive: z.boolean(),
    grantedPermissions: z.array(z.enum(permissions)).readonly().describe("Rights beyond the role's."),
  })
  .meta({ id: "User" });

/** The same, with a generated password, which is shown this once. */
export const createdUserAnswer = userAnswer
  .extend({ password: z.string().exactOptional() })
  .meta({ id: "CreatedUser" });
