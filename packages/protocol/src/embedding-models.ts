/** GET /api/embeddings/models: what can be asked for. */

import type { ModelState } from "@nexus/core";
import { z } from "zod";

const modelWire = z.object({
  id: z.string().meta({ description: "What `model` of POST /api/embeddings takes." }),
  name: z.string(),
  dimension: z.int(),
  modalities: z.array(z.enum(["text", "image", "audio", "code"])),
  licence: z.string(),
  present: z
    .boolean()
    .meta({ description: "Its files are here; a model that is not has to be pulled by the operator." }),
  loaded: z.boolean(),
  device: z.string().nullable(),
  quantization: z.string().nullable(),
  bytes: z.int().nullable().meta({ description: "In memory, when it is loaded; of its files, otherwise." }),
});

export const embeddingModelsWire = z.object({ items: z.array(modelWire) });

export function embeddingModelsToWire(models: readonly ModelState[]): z.output<typeof embeddingModelsWire> {
  return {
    items: models.map(({ modalities, device, quantization, bytes, ...model }) => ({
      id: model.id,
      name: model.name,
      dimension: model.dimension,
      modalities: [...modalities],
      licence: model.licence,
      present: model.present,
      loaded: model.loaded,
      device: device ?? null,
      quantization: quantization ?? null,
      bytes: bytes ?? null,
    })),
  };
}
