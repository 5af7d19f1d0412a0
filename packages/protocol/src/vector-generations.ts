/** /api/embeddings/generations: whose vectors a tenant's memories have, and what an operator decides of them. */

import { z } from "zod";
import { validate } from "./validate.ts";

const time = z.string().meta({ format: "date-time" });
const share = z.number().min(0).max(1);

const VECTOR_ACTIONS = ["cutOver", "rollBack", "retire", "refill"] as const;

export type VectorAction = (typeof VECTOR_ACTIONS)[number];

const generationWire = z
  .object({
    number: z.int().meta({ description: "Counted up in each tenant; a model that comes back gets a new one." }),
    name: z.string(),
    model: z.string().meta({ description: "With its revision: vectors of two models are never compared." }),
    startedAt: time,
  })
  .meta({ id: "VectorGeneration" });

const comparisonWire = z
  .object({
    queries: z.int().meta({ description: "Memories whose own beginnings were searched for." }),
    overlapAt10: share.meta({ description: "Of the ten nearest: what both find." }),
    selfAt10: share.meta({
      description: "Memories among the ten nearest to their own beginning, by the new vectors …",
    }),
    selfAt10InUse: share.meta({ description: "… and by those in use." }),
    p95Ms: z.number().meta({ description: "Embedding a query and searching for it by the new vectors." }),
  })
  .meta({ id: "VectorComparison" });

export const vectorGenerationsWire = z.object({
  active: generationWire.nullable().meta({ description: "Searched beside the vectors of the built-in model." }),
  next: generationWire
    .extend({
      comparison: comparisonWire.optional().meta({
        description: "There once it is filled and was not taken into use by itself: it waits for `cutOver`.",
      }),
    })
    .nullable()
    .meta({ description: "Being filled, by a job of kind `embed`." }),
  previous: generationWire.nullable().meta({ description: "Kept for a roll-back until the next one begins." }),
  refused: z
    .array(z.string())
    .meta({ description: "Models that were rolled back: not begun again before a `refill`." }),
});

export const vectorActionBody = z.strictObject({
  action: z.enum(VECTOR_ACTIONS).meta({
    description:
      "`cutOver`: take what was filled into use. `rollBack`: use what was kept, or the built-in model alone. `retire`: remove the vectors that are kept. `refill`: let models that were rolled back begin again.",
  }),
});

interface GenerationView {
  readonly number: number;
  readonly name: string;
  readonly model: string;
  /** Milliseconds. */
  readonly startedAt: number;
}

interface GenerationsView {
  readonly active?: GenerationView | undefined;
  readonly next?:
    | (GenerationView & { readonly comparison?: Readonly<z.output<typeof comparisonWire>> | undefined })
    | undefined;
  readonly previous?: GenerationView | undefined;
  readonly refused: readonly string[];
}

/** throws  what `validate` throws */
export function parseVectorAction(input: unknown): VectorAction {
  return validate(vectorActionBody, input).action;
}

export function vectorGenerationsToWire({
  active,
  next,
  previous,
  refused,
}: GenerationsView): z.output<typeof vectorGenerationsWire> {
  return {
    active: active ? generationToWire(active) : null,
    next: next ? { ...generationToWire(next), ...(next.comparison && { comparison: next.comparison }) } : null,
    previous: previous ? generationToWire(previous) : null,
    refused: [...refused],
  };
}

function generationToWire({ number, name, model, startedAt }: GenerationView): z.output<typeof generationWire> {
  return { number, name, model, startedAt: new Date(startedAt).toISOString() };
}
