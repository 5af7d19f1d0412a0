/** PATCH and DELETE /api/memories/{id}. */

import type { JsonObject } from "@nexus/core";
import { z } from "zod";
import { contentText, nameText, timeText } from "./fields.ts";
import { memoryWire } from "./memory.ts";
import { metadataObject } from "./metadata.ts";
import { timeProblems, toDate } from "./times.ts";
import { rejected, validate } from "./validate.ts";

/** Here `null` removes a value, and a field that is left out stays as it is. */
export const patchBody = z.strictObject({
  content: contentText.optional(),
  metadata: metadataObject.optional(),
  speaker: nameText.nullable().optional(),
  validFrom: timeText.nullable().optional(),
  validTo: timeText.nullable().optional(),
  expiresAt: timeText.nullable().optional(),
});

export const patchedWire = memoryWire.extend({ consistency: z.string().nullable() });

export const forgottenWire = z.object({
  id: z.string(),
  event: z.literal("forgotten"),
  consistency: z.string().nullable(),
});

export interface PatchInput {
  readonly content: string | undefined;
  readonly metadata: JsonObject | undefined;
  readonly speaker: string | null | undefined;
  readonly validFrom: Date | null | undefined;
  readonly validTo: Date | null | undefined;
  readonly expiresAt: Date | null | undefined;
}

/** throws  what `validate` throws, `body.invalid` for a patch of nothing, `memory.time_invalid` */
export function parsePatch(input: unknown, now: number): PatchInput {
  const body = validate(patchBody, input);
  if (Object.keys(body).length === 0) {
    throw rejected("body.invalid", [
      { path: "", message: `must have one of ${Object.keys(patchBody.shape).join(", ")}` },
    ]);
  }
  const patch: PatchInput = {
    content: body.content,
    metadata: body.metadata,
    speaker: body.speaker,
    validFrom: body.validFrom === null ? null : toDate(body.validFrom),
    validTo: body.validTo === null ? null : toDate(body.validTo),
    expiresAt: body.expiresAt === null ? null : toDate(body.expiresAt),
  };
  const problems = timeProblems(patch, now, "");
  if (problems.length > 0) throw rejected("memory.time_invalid", problems);
  return patch;
}
