/** The built-in embedding model: the sum of learnt vectors of words and parts of words. */

import { type Embedder, NexusError } from "@nexus/core";
import { decodeStaticModel, PREFIXES, type StaticModel } from "./format.ts";
import { createTokeniser, type VisitRow } from "./tokenise.ts";

export interface StaticOptions {
  /** 64, 128 or 256, as far as the file has them; all of it unless said. */
  readonly dimension?: number;
}

/**
 * An embedder from the bytes of a file that `npm run train -- e0` wrote.
 *
 * returns  unit vectors, the same on every machine; zero for a text without a word; the first 200,000 UTF-16 units of a text are read
 * cost     figures in model-card.md; resident are the bytes of the file and a table of 8 bytes for each of the next power of two of twice the words
 * throws   embed.load_failed for bytes that are no whole and unchanged file, config.invalid for a dimension that was not trained
 */
export function createStaticEmbedder(bytes: Uint8Array, options: StaticOptions = {}): Embedder {
  const model = decodeStaticModel(bytes);
  const dimension = options.dimension ?? model.dimension;
  const prefix = PREFIXES.indexOf(dimension as 64);
  if (prefix === -1 || dimension > model.dimension) {
    throw new NexusError(
      "config.invalid",
      `[nexus/embed:static] dimension is ${dimension}, this file has ${PREFIXES.filter((size) => size <= model.dimension).join(", ")}`,
    );
  }
  const tokeniser = createTokeniser(model);
  const sum = new Float64Array(dimension);
  const visit = adder(model, sum);
  const description = {
    name: "e0",
    model: `e0-${model.checksum.toString(16).padStart(8, "0")}-${dimension}`,
    dimension,
    unrelatedCosine: model.unrelated[prefix] ?? 0,
  };
  return {
    async embed(texts, given) {
      return texts.map((text) => {
        given?.signal?.throwIfAborted();
        sum.fill(0);
        tokeniser.text(text, visit);
        return unitOf(sum);
      });
    },
    describe: () => description,
  };
}

/** Adds a weighted row of the model to `sum`. */
function adder({ dimension: width, bits, scales, codes }: StaticModel, sum: Float64Array): VisitRow {
  const dimension = sum.length;
  if (bits === 8) {
    return (row, weight) => {
      const scale = weight * (scales[row] as number);
      for (let i = 0, at = row * width; i < dimension; i++, at++) {
        sum[i] = (sum[i] as number) + scale * (codes[at] as number);
      }
    };
  }
  return (row, weight) => {
    const scale = weight * (scales[row] as number);
    for (let i = 0, at = (row * width) >> 1; i < dimension; i += 2, at++) {
      const pair = codes[at] as number;
      sum[i] = (sum[i] as number) + scale * ((pair << 28) >> 28);
      sum[i + 1] = (sum[i + 1] as number) + scale * (pair >> 4);
    }
  };
}

/** A sum that is too short to have a direction, or is not finite, stays or becomes zero. */
function unitOf(sum: Float64Array): Float32Array {
  let squares = 0;
  for (let i = 0; i < sum.length; i++) squares += (sum[i] as number) ** 2;
  const vector = new Float32Array(sum.length);
  if (!(squares > 1e-30 && squares < Infinity)) return vector;
  const scale = 1 / Math.sqrt(squares);
  for (let i = 0; i < sum.length; i++) vector[i] = scale * (sum[i] as number);
  return vector;
}
