/** POST /api/embeddings in the form of this API: any mix of inputs, each with its own outcome. */

import { type EmbedResult, LIMITS } from "@nexus/core";
import { z } from "zod";
import { dimensionField, embeddingInput, type EmbeddingsInput, readEmbedInput } from "./embedding-input.ts";
import { errorCode, failureWire, readCode } from "./failure.ts";
import { nameText } from "./fields.ts";
import { isOpenAi, openAiBody, parseOpenAiEmbeddings } from "./embeddings-openai.ts";
import { rejected, validate } from "./validate.ts";

const ownBody = z
  .strictObject({
    inputs: z.array(embeddingInput).min(1).max(LIMITS.maxEmbedInputs),
    model: nameText.nullish().meta({
      description:
        "An id of GET /api/embeddings/models, `ensemble` for every loaded model that reads the input, or `fused` for one vector of them; the best that is ready, if left out.",
    }),
    dimension: dimensionField,
    truncate: z.boolean().nullish().meta({
      description:
        "`false` refuses a text that is longer than the model reads; else it is cut, and the answer says so.",
    }),
  })
  .meta({ id: "EmbeddingsRequest" });

export const embeddingsBody = z.union([ownBody, openAiBody]);

const embeddingWire = z.object({
  vector: z.array(z.number()).meta({ description: "Of unit length, but for models that score by dot product." }),
  model: z.string(),
  insteadOf: z
    .string()
    .nullable()
    .meta({ description: "The model that was due, where another answered in its place." }),
  cached: z.boolean(),
  tokens: z.int(),
  truncated: z.boolean(),
});

export const embeddingsWire = z.object({
  results: z
    .array(z.object({ embeddings: z.array(embeddingWire), error: failureWire.nullable() }))
    .meta({ description: "In the order of the inputs. An input has embeddings or an error." }),
  skipped: z
    .array(z.object({ model: z.string(), code: errorCode }))
    .meta({ description: "Models that were due and did not answer." }),
});

/** throws  what `validate` throws, `body.invalid` for a body that is of both shapes */
export function parseEmbeddings(input: unknown): EmbeddingsInput {
  if (isOpenAi(input)) {
    const message = "stands beside inputs: send inputs, or input for OpenAI's shape";
    if (Object.hasOwn(input, "inputs")) throw rejected("body.invalid", [{ path: "input", message }]);
    return parseOpenAiEmbeddings(input);
  }
  const { inputs, model, dimension, truncate } = validate(ownBody, input);
  return {
    inputs: inputs.map(readEmbedInput),
    model: model ?? undefined,
    dimension: dimension ?? undefined,
    truncate: truncate ?? undefined,
  };
}

export function embeddingsToWire({ results, skipped }: EmbedResult): z.output<typeof embeddingsWire> {
  return {
    results: results.map((result) => {
      if ("code" in result) {
        return { embeddings: [], error: { code: readCode(result.code), detail: result.message } };
      }
      const embeddings = result.map(({ vector, insteadOf, model, cached, tokens, truncated }) => ({
        vector: Array.from(vector),
        model,
        insteadOf: insteadOf ?? null,
        cached,
        tokens,
        truncated,
      }));
      return { embeddings, error: null };
    }),
    skipped: skipped.map(({ model, code }) => ({ model, code: readCode(code) })),
  };
}
