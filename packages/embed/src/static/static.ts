/** The built-in embedding model: the sum of learnt vectors of words and parts of words. */

import { type Embedder, NexusError } from "@nexus/core";
import { decodeStaticModel, PREFIXES, type StaticModel } from "./format.ts";
import { secondHash } from "./row-table.ts";
import { type ComposedWord, createTokeniser } from "./tokenise.ts";

export interface StaticOptions {
  /** 64, 128 or 256, as far as the file has them; all of it unless said. */
  readonly dimension?: number;
}

/** Vectors of words that take several rows are kept, one for each place: 4 MiB at 256 dimensions. */
const KEPT_WORDS = 4_096;

/**
 * Shares of unknown words between which these gain weight: nine of ten English turns of the "fit" conversations of test/eval have
 * fewer than the first, three of four Spanish ones more than the second.
 */
const FEW_UNKNOWN = 0.133;
const MANY_UNKNOWN = 0.3;
/** The smallest gain that is within .01 of the best NDCG@10 there, which is at 1. */
const GAIN = 0.6;

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
  const sum = new Float32Array(dimension);
  const addText = adder(model, sum);
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
        addText(text);
        return unitOf(sum);
      });
    },
    describe: () => description,
  };
}

/** Adds the rows of a text to `sum`. */
function adder(model: StaticModel, sum: Float32Array): (text: string) => void {
  const dimension = sum.length;
  const tokeniser = createTokeniser(model);
  const addRow = rowAdder(model, dimension);
  const keys = new Float64Array(KEPT_WORDS).fill(-1);
  const kept = new Float32Array(KEPT_WORDS * dimension);

  /** The place of a word's vector among those that are kept. */
  function place(word: ComposedWord): number {
    const slot = word.hash % KEPT_WORDS;
    const key = word.hash * 2 ** 20 + (secondHash(word.units, word.length) >>> 12);
    if (keys[slot] === key) return slot * dimension;
    keys[slot] = key;
    kept.fill(0, slot * dimension, (slot + 1) * dimension);
    tokeniser.rows(word, (row, weight) => addRow(kept, slot * dimension, row, weight));
    return slot * dimension;
  }

  const unknownSum = new Float32Array(dimension);
  let words = 0;
  let unknownWords = 0;
  const common = (row: number): void => {
    words++;
    addRow(sum, 0, row, 1);
  };
  const composed = (word: ComposedWord): void => {
    words++;
    if (word.row < 0) unknownWords++;
    const from = place(word);
    const to = word.row < 0 ? unknownSum : sum;
    for (let i = 0; i < dimension; i++) to[i] = (to[i] as number) + (kept[from + i] as number);
  };

  return (text) => {
    words = 0;
    unknownWords = 0;
    tokeniser.words(text, common, composed);
    if (unknownWords === 0) return;
    const weight = unknownWeight(unknownWords / words);
    for (let i = 0; i < dimension; i++) sum[i] = (sum[i] as number) + weight * (unknownSum[i] as number);
    unknownSum.fill(0);
  };
}

/**
 * 1, and up to 1.6 where many words of a text are unknown, as in a language that the model has seen little of: there they are the
 * words that tell texts apart.
 *
 * source   measured on the "fit" conversations, NDCG@10 by cosine alone: Spanish .152 → .230, English .265 → .262
 */
function unknownWeight(share: number): number {
  return 1 + GAIN * Math.min(1, Math.max(0, share - FEW_UNKNOWN) / (MANY_UNKNOWN - FEW_UNKNOWN));
}

type AddRow = (to: Float32Array, at: number, row: number, weight: number) => void;

/** Adds a weighted row of the model to the numbers from `at` on. */
function rowAdder({ dimension: width, bits, scales, codes }: StaticModel, dimension: number): AddRow {
  if (bits === 8) {
    return (to, at, row, weight) => {
      const scale = weight * (scales[row] as number);
      const from = row * width;
      for (let i = 0; i < dimension; i++) to[at + i] = (to[at + i] as number) + scale * (codes[from + i] as number);
    };
  }
  return (to, at, row, weight) => {
    const scale = weight * (scales[row] as number);
    const from = (row * width) >> 1;
    for (let i = 0; i < dimension; i += 2) {
      const pair = codes[from + (i >> 1)] as number;
      to[at + i] = (to[at + i] as number) + scale * ((pair << 28) >> 28);
      to[at + i + 1] = (to[at + i + 1] as number) + scale * (pair >> 4);
    }
  };
}

/** A sum that is too short to have a direction, or is not finite, stays or becomes zero. */
function unitOf(sum: Float32Array): Float32Array {
  let squares = 0;
  for (let i = 0; i < sum.length; i++) squares += (sum[i] as number) ** 2;
  const vector = new Float32Array(sum.length);
  if (!(squares > 1e-30 && squares < Infinity)) return vector;
  const scale = 1 / Math.sqrt(squares);
  for (let i = 0; i < sum.length; i++) vector[i] = scale * (sum[i] as number);
  return vector;
}
