/** POST /api/feedback. */

import { z } from "zod";
import { opaqueText, uuidText } from "./fields.ts";
import { validate } from "./validate.ts";

const LONGEST_COMMENT = 2_000;

export const feedbackBody = z.strictObject({
  queryId: opaqueText.meta({ description: "Of an answer of the last 24 hours." }),
  memoryId: uuidText
    .nullish()
    .meta({ description: "One of its results; left out, the rating is of the answer as a whole." }),
  rating: z
    .union([z.int().min(1).max(5), z.enum(["up", "down"])], "must be 1 to 5, up or down")
    .meta({ description: "3 says nothing, and takes an earlier rating back." }),
  comment: z.string().max(LONGEST_COMMENT).nullish(),
});

export const feedbackWire = z.object({ id: z.string(), consistency: z.string().nullable() });

export interface FeedbackInput {
  readonly queryId: string;
  readonly memoryId: string | undefined;
  /** −1…1: (r − 3)/2, and ±1 for a thumb. */
  readonly rating: number;
  readonly comment: string | undefined;
}

export function parseFeedback(input: unknown): FeedbackInput {
  const { queryId, memoryId, rating, comment } = validate(feedbackBody, input);
  return {
    queryId,
    memoryId: memoryId?.toLowerCase(),
    rating: typeof rating === "number" ? (rating - 3) / 2 : THUMBS[rating],
    comment: comment ?? undefined,
  };
}

const THUMBS = { up: 1, down: -1 } as const;
