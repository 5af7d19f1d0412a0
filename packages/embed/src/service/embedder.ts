/** One model of the service as an embedder of texts, with cache and batches inside. */

import { type Embedder, type EmbedderDescription, type EmbedInput, NexusError } from "@nexus/core";
import type { ModelAccess } from "./model-access.ts";

export interface ModelEmbedderOptions {
  /** What the texts are for, where a call does not say. Default "passage". */
  readonly role?: "query" | "passage" | undefined;
  /** Nobody waits for the vectors: queries go first. Default: for passages. */
  readonly background?: boolean | undefined;
  /** Whose cache it uses; none without it. */
  readonly tenant?: string | undefined;
  readonly unrelatedCosine?: number | undefined;
}

/** Never another model's vectors: what cannot be embedded throws. A text in which there is nothing to embed gives a zero vector, as the port has it. */
export async function createModelEmbedder(
  access: ModelAccess,
  { role: usual = "passage", background, tenant, unrelatedCosine = 0 }: ModelEmbedderOptions,
): Promise<Embedder> {
  const { id, dimension, source, name } = access.description;
  const precision = await access.precision();
  const description: EmbedderDescription = {
    name: id,
    model: [name, source?.revision ?? "", precision].filter((part) => part !== "").join("@"),
    dimension,
    unrelatedCosine,
  };
  return {
    describe: () => description,
    async embed(texts, options) {
      const role = options?.role ?? usual;
      const inputs = texts.map((content): EmbedInput => ({ modality: "text", content, role }));
      const outcomes = await access.embed(inputs, {
        tenant,
        background: background ?? role === "passage",
        signal: options?.signal,
      });
      return outcomes.map((outcome) => {
        if (!(outcome instanceof NexusError)) return outcome.vector;
        if (outcome.code === "embed.input_empty") return new Float32Array(dimension);
        throw outcome;
      });
    },
  };
}
