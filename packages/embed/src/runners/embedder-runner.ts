/** Puts an embedder of plain texts, such as E0, behind the face of a loaded model. */

import { type Embedder, NexusError } from "@nexus/core";

import type { Runner } from "../models/runner.ts";
import type { ModelDescription } from "../registry/description.ts";
import { runInBatches } from "./batch-runner.ts";
import { estimateLength } from "./input-length.ts";
import { framedText } from "./text-input.ts";

/** What a static model reads of a text, in UTF-16 units. */
const MAX_UNITS = 200_000;
const BATCH_TEXTS = 32;

/** bytes  resident, of the embedder */
export function createEmbedderRunner(model: ModelDescription, embedder: Embedder, bytes: number): Runner {
  const { dimension } = embedder.describe();
  return {
    id: model.id,
    dimension,
    bytes,
    device: "wasm",
    run: (inputs, options) =>
      runInBatches(
        {
          id: model.id,
          dimension,
          dot: true,
          alone: false,
          maxBatchTokens: BATCH_TEXTS,
          prepare(input, { truncate }) {
            const { text } = framedText(model, input);
            const truncated = text.length > MAX_UNITS;
            if (truncated && truncate === false) throw tooLong(model.id);
            return { text, length: 1, tokens: estimateLength(input, MAX_UNITS), truncated };
          },
          compute: async (rows) => {
            const vectors = await embedder.embed(
              rows.map(({ text }) => text),
              options?.signal ? { signal: options.signal } : {},
            );
            return vectors.map((vector) => (vector.every((value) => value === 0) ? wordless(model.id) : vector));
          },
        },
        inputs,
        options,
      ),
    lengthOf: (input) => estimateLength(input, MAX_UNITS),
    close: async () => {},
  };
}

function wordless(id: string): NexusError {
  return new NexusError(
    "embed.input_empty",
    `[nexus/embed] an input has no word that model ${id} could embed; leave it out`,
  );
}

function tooLong(id: string): NexusError {
  return new NexusError(
    "embed.input_too_long",
    `[nexus/embed] an input is longer than the ${MAX_UNITS} characters that model ${id} reads; shorten it`,
  );
}
