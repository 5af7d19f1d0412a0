/** Values in a query string, which are all text. */

import { z } from "zod";
import { nameText, userText } from "./fields.ts";

/** The scope fields without `null`, which a query string cannot say. */
export const scopeParameters = {
  userId: userText.optional(),
  agentId: nameText.optional(),
  sessionId: nameText.optional(),
};

export const integerText = z
  .string()
  .regex(/^\d{1,9}$/, "must be a whole number")
  .transform(Number);

export const booleanText = z.enum(["true", "false"]).transform((text) => text === "true");
