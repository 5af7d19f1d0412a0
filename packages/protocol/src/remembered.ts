/** The answer to POST /api/memories. */

import { z } from "zod";
import { failureWire } from "./failure.ts";

export const rememberedWire = z.object({
  results: z.array(
    z.object({
      id: z.string().nullable(),
      event: z.enum(["added", "merged", "superseded", "unchanged", "failed"]),
      relatedId: z.string().nullable(),
      error: failureWire.nullable(),
    }),
  ),
  consistency: z.string().nullable(),
  projected: z.boolean(),
});

type RememberedWire = z.output<typeof rememberedWire>;

export interface RememberedView {
  readonly results: readonly Readonly<RememberedWire["results"][number]>[];
  readonly projected: boolean;
}

export function rememberedToWire(remembered: RememberedView, consistency: string | null): RememberedWire {
  const results = remembered.results.map(({ id, event, relatedId, error }) => ({
    id,
    event,
    relatedId,
    error: error && { code: error.code, detail: error.detail },
  }));
  return { results, consistency, projected: remembered.projected };
}
