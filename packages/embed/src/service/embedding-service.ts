/** The embedding service: any input by the model that was named, by the best one that is here, by all of them, or fused. */

import {
  type Embedder,
  type Embedding,
  type EmbeddingService,
  type EmbedInput,
  type EmbedRequest,
  type EmbedResult,
  NexusError,
} from "@nexus/core";
import { prefixOf } from "../fusemoe/prefix.ts";
import { createModelEmbedder, type ModelEmbedderOptions } from "./embedder.ts";
import { embedByAll } from "./ensemble.ts";
import { embedWithFallback, skippedOf } from "./fallback.ts";
import { type Fuser, fuseAll } from "./fused.ts";
import { type AccessOptions, type AccessRequest, createModelAccess, type ModelAccess } from "./model-access.ts";
import { isOfModel, type Outcome } from "./outcome.ts";
import { createPresence } from "./presence.ts";

export interface EmbeddingServiceOptions extends AccessOptions {
  /** Absent: "fused" is `embed.not_trained`. */
  readonly fusion?: Fuser | undefined;
}

export interface Embeddings extends EmbeddingService {
  /** One model as the small port that recall uses. throws  embed.model_unknown */
  embedder(model: string, options?: ModelEmbedderOptions): Promise<Embedder>;
}

/** What answers a request, per input one embedding or several. */
interface Answer {
  readonly results: readonly (readonly Embedding[] | NexusError)[];
  readonly skipped: EmbedResult["skipped"];
}

/**
 * A model that is named fails fast unless the request lets another answer in its place. Without a name the best one
 * that is here is taken, and its alternatives, an earlier vector or E0 stand in for it.
 */
export function createEmbeddingService(options: EmbeddingServiceOptions): Embeddings {
  const { pool, clock, settings, fusion } = options;
  const presence = createPresence(pool, clock, settings);
  const models = new Map<string, ModelAccess>();
  /** throws  embed.model_unknown */
  const access = (model: string): ModelAccess => {
    const known = models.get(model) ?? createModelAccess(model, options);
    models.set(model, known);
    return known;
  };
  /** Whether the model gives vectors of the dimension, whole or as a prefix. */
  const gives = (model: string, dimension: number | undefined): boolean =>
    dimension === undefined ||
    access(model).description.dimension === dimension ||
    (settings.prefixes[model]?.includes(dimension) ?? false);

  const byOne = async (model: string, request: EmbedRequest, given: AccessRequest): Promise<Answer> => {
    const { inputs, dimension } = request;
    if (!gives(model, dimension)) throw wrongDimension(model, access(model).description.dimension, dimension);
    const { outcomes, skipped } = request.alternative
      ? await embedWithFallback(model, inputs, given, { access, allows: (other) => gives(other, dimension) })
      : await alone(model, inputs, given);
    return { results: outcomes.map((outcome) => listOf(cut(outcome, dimension))), skipped };
  };
  const alone = async (model: string, inputs: readonly EmbedInput[], given: AccessRequest) => {
    const outcomes = await access(model).embed(inputs, given);
    const ran = outcomes.filter((outcome) => outcome instanceof NexusError || !outcome.cached);
    const [failure] = ran;
    if (failure instanceof NexusError && ran.every(isOfModel)) throw failure;
    return { outcomes, skipped: skippedOf(model, outcomes) };
  };
  /** Inputs of each modality by the best model for them. */
  const byBest = async ({ inputs, dimension }: EmbedRequest, given: AccessRequest): Promise<Answer> => {
    const allows = (model: string): boolean => gives(model, dimension);
    const results: Answer["results"][number][] = [];
    const skipped: EmbedResult["skipped"][number][] = [];
    const groups = Map.groupBy(inputs.keys(), (i) => (inputs[i] as EmbedInput).modality);
    await Promise.all(
      [...groups].map(async ([modality, places]) => {
        const model = await presence.best(modality, allows);
        if (model === undefined) {
          const missing = new NexusError(
            "embed.model_missing",
            `[nexus/embed] no model that reads ${modality}${dimension === undefined ? "" : ` and gives ${dimension} dimensions`} is here; pull or import one`,
          );
          for (const place of places) results[place] = missing;
          return;
        }
        const some = places.map((place) => inputs[place] as EmbedInput);
        const answered = await embedWithFallback(model, some, given, { access, allows });
        for (const [at, place] of places.entries())
          results[place] = listOf(cut(answered.outcomes[at] as Outcome, dimension));
        skipped.push(...answered.skipped);
      }),
    );
    return { results, skipped };
  };
  const answer = async (request: EmbedRequest): Promise<Answer> => {
    const { tenant, signal, truncate, inputs, dimension, background } = request;
    const given = { tenant, signal, truncate, background };
    switch (request.model) {
      case undefined:
        return await byBest(request, given);
      case "ensemble":
        if (dimension !== undefined) throw noPrefix("an ensemble's models have dimensions of their own");
        return await embedByAll(inputs, given, { access, states: presence.states });
      case "fused":
        return await fuseAll(inputs, dimension, given, { access, states: presence.states, fusion });
      default:
        return await byOne(request.model, request, given);
    }
  };
  return {
    async embed(request) {
      const { results, skipped } = await answer(request);
      const [first] = results;
      if (first instanceof NexusError && results.every((result) => result instanceof NexusError)) throw first;
      return {
        results: results.map((result) =>
          result instanceof NexusError ? { code: result.code, message: result.message } : result,
        ),
        skipped,
      };
    },
    models: () => pool.states(),
    async embedder(model, given = {}) {
      return await createModelEmbedder(access(model), given);
    },
  };
}

function listOf(outcome: Outcome): readonly Embedding[] | NexusError {
  return outcome instanceof NexusError ? outcome : [outcome];
}

function cut(outcome: Outcome, dimension: number | undefined): Outcome {
  if (outcome instanceof NexusError || dimension === undefined || outcome.vector.length === dimension) return outcome;
  return { ...outcome, vector: prefixOf(outcome.vector, dimension) };
}

function wrongDimension(model: string, own: number, asked: number | undefined): NexusError {
  return noPrefix(`model ${model} gives ${own} dimensions and was not trained for ${asked}`);
}

function noPrefix(why: string): NexusError {
  const message = `[nexus/embed] ${why}; leave the dimension out`;
  return new NexusError("body.invalid", message, { problems: [{ path: "dimension", message: why }] });
}
