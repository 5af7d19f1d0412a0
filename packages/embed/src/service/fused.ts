/** One vector of an input out of those that several models give of it. */

import { asNexusError, type Embedding, type EmbedInput, NexusError } from "@nexus/core";
import { prefixOf } from "../fusemoe/prefix.ts";
import { embedByAll, type EnsembleAnswer, type EnsembleOptions } from "./ensemble.ts";
import type { AccessRequest } from "./model-access.ts";

/** A trained fusion: what of `Fusion` is needed here. */
export interface Fuser {
  /** Ids of the members; a vector that is absent is masked. */
  readonly models: readonly string[];
  /** Beginnings of the fused vector that stand alone once renormalised. */
  readonly shape: { readonly output: number; readonly prefixes: readonly number[] };
  /** throws  embed.fusion and its like; embed.not_trained where these members were never fused in training */
  fuse(vectors: ReadonlyMap<string, Float32Array>): { readonly vector: Float32Array };
}

export interface FusedOptions extends EnsembleOptions {
  readonly fusion: Fuser | undefined;
}

/** A member that is not here or fails is masked and named. throws  embed.not_trained, body.invalid for a dimension it was not trained for */
export async function fuseAll(
  inputs: readonly EmbedInput[],
  dimension: number | undefined,
  request: AccessRequest,
  options: FusedOptions,
): Promise<EnsembleAnswer> {
  const { fusion } = options;
  if (!fusion)
    throw new NexusError(
      "embed.not_trained",
      "[nexus/embed] there is no trained fusion of the models that are here; name a model",
    );
  const { output, prefixes } = fusion.shape;
  if (dimension !== undefined && dimension !== output && !prefixes.includes(dimension))
    throw new NexusError(
      "body.invalid",
      `[nexus/embed] the fusion gives ${[...prefixes, output].join(", ")} dimensions, not ${dimension}`,
    );
  const { results, skipped } = await embedByAll(inputs, request, options, fusion.models);
  const here = new Set((await options.states()).filter(({ present }) => present).map(({ id }) => id));
  const absent = fusion.models.filter((id) => !here.has(id)).map((model) => ({ model, code: "embed.model_missing" }));
  return {
    results: results.map((members) => (members instanceof NexusError ? members : fuseOne(fusion, members, dimension))),
    skipped: [...skipped, ...absent],
  };
}

function fuseOne(
  fusion: Fuser,
  members: readonly Embedding[],
  dimension: number | undefined,
): [Embedding] | NexusError {
  try {
    const { vector } = fusion.fuse(new Map(members.map(({ model, vector }) => [model, vector])));
    const isWhole = dimension === undefined || dimension === vector.length;
    return [
      {
        vector: isWhole ? vector : prefixOf(vector, dimension),
        model: "fused",
        cached: members.every(({ cached }) => cached),
        tokens: Math.max(...members.map(({ tokens }) => tokens)),
        truncated: members.some(({ truncated }) => truncated),
      },
    ];
  } catch (error) {
    return error instanceof NexusError ? error : fusionFailed(error);
  }
}

function fusionFailed(error: unknown): NexusError {
  return new NexusError("embed.fusion", "[nexus/embed] the vectors could not be fused; see the server's log", {
    cause: asNexusError(error).cause,
  });
}
