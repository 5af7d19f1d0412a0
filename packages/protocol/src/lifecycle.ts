/** POST /api/memories/{id}/invalidate and …/merges/undo. */

import type { Memory } from "@nexus/core";
import { z } from "zod";
import { timeText } from "./fields.ts";
import { memoryToWire, memoryWire } from "./memory.ts";
import { toDate } from "./times.ts";
import { validate } from "./validate.ts";

const LONGEST_REASON = 500;

export const invalidateBody = z.strictObject({
  reason: z
    .string()
    .trim()
    .min(1)
    .max(LONGEST_REASON)
    .meta({ description: "Why it no longer holds; kept with the memory." }),
  validTo: timeText.nullish().meta({ description: "When it ceased to hold; now, when left out." }),
});

export const undoneWire = memoryWire.extend({
  restored: z.array(z.string()).meta({ description: "Ids of the memories that hold by themselves again." }),
  consistency: z.string().nullable(),
});

export interface InvalidateInput {
  readonly reason: string;
  readonly validTo: Date | undefined;
}

/** throws  what `validate` throws */
export function parseInvalidate(input: unknown): InvalidateInput {
  const { reason, validTo } = validate(invalidateBody, input);
  return { reason, validTo: toDate(validTo) };
}

export function undoneToWire(
  { memory, restored }: { readonly memory: Memory; readonly restored: readonly string[] },
  consistency: string | null,
): z.output<typeof undoneWire> {
  return { ...memoryToWire(memory), restored: [...restored], consistency };
}
