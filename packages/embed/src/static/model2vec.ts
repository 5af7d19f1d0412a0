/** Static models in model2vec's layout, such as potion-base-2M: a WordPiece tokeniser and a vector for each token. */

import { Tokenizer } from "@huggingface/tokenizers";
import { type Embedder, NexusError } from "@nexus/core";
import { type NumberTensor, readSafetensors } from "./safetensors.ts";

export interface Model2VecFiles {
  /** config.json and tokenizer.json, parsed. */
  readonly config: unknown;
  readonly tokenizer: unknown;
  /** model.safetensors. */
  readonly safetensors: Uint8Array;
  /** Name of the embedder and of the vectors it makes; "model2vec" unless said. */
  readonly name?: string | undefined;
  /** Median cosine of unrelated texts, as measured for this model; 0 unless said. */
  readonly unrelatedCosine?: number | undefined;
}

/** As model2vec: a longer text is cut. */
const MOST_TOKENS = 512;
/** Texts longer than this are cut before they are tokenised: 512 tokens are far shorter. */
const MOST_UNITS = 20_000;

/**
 * An embedder that gives the mean of the tokens' vectors, as model2vec does: unknown tokens are left out.
 *
 * returns  unit vectors, whatever the configuration says of that; zero for a text without a known token
 * cost     about 40 µs a turn of 20 words, most of it the tokeniser's
 * throws   embed.load_failed for damaged or foreign weights, embed.tokenizer for a damaged tokeniser
 */
export function loadModel2Vec({
  config,
  tokenizer: json,
  safetensors,
  name = "model2vec",
  unrelatedCosine = 0,
}: Model2VecFiles): Embedder {
  const tensors = readSafetensors(safetensors);
  const vectors = tensors.get("embeddings");
  const [rows = 0, dimension = 0] = vectors?.shape ?? [];
  if (!vectors || vectors.shape.length !== 2 || rows === 0 || dimension === 0) {
    throw new NexusError(
      "embed.load_failed",
      `[nexus/embed:model2vec] the weights have no matrix "embeddings"; they are not of model2vec's layout`,
    );
  }
  checkWidth(config, dimension);
  const tokenizer = openTokenizer(json);
  const unknown = unknownId(json, tokenizer);
  const description = {
    name,
    model: `${name}-${rows}x${dimension}-${hashOf(vectors).toString(16)}`,
    dimension,
    unrelatedCosine,
  };
  const add = adder(vectors, tensors.get("weights"), tensors.get("mapping"));
  return {
    async embed(texts, options) {
      return texts.map((text) => {
        options?.signal?.throwIfAborted();
        const { ids } = tokenizer.encode(text.slice(0, MOST_UNITS), { add_special_tokens: false });
        const sum = new Float64Array(dimension);
        for (const id of (ids as readonly number[]).filter((id) => id !== unknown).slice(0, MOST_TOKENS)) add(id, sum);
        return unitOf(sum);
      });
    },
    describe: () => description,
  };
}

/** Newer files hold fewer vectors than tokens, and the length of each apart: `mapping` and `weights`, both optional. */
function adder(
  { shape, values }: NumberTensor,
  weights: NumberTensor | undefined,
  mapping: NumberTensor | undefined,
): (id: number, sum: Float64Array) => void {
  const [rows = 0, dimension = 0] = shape;
  return (id, sum) => {
    const row = mapping ? (mapping.values[id] ?? -1) : id;
    if (row < 0 || row >= rows) return;
    const weight = weights?.values[id] ?? 1;
    for (let i = 0; i < dimension; i++) sum[i] = (sum[i] ?? 0) + weight * (values[row * dimension + i] ?? 0);
  };
}

function checkWidth(config: unknown, dimension: number): void {
  const told = (config as { hidden_dim?: unknown } | null)?.hidden_dim;
  if (told === undefined || told === dimension) return;
  throw new NexusError(
    "embed.load_failed",
    `[nexus/embed:model2vec] the configuration says ${JSON.stringify(told)} dimensions, the weights have ${dimension}; the files are not of one model`,
  );
}

function openTokenizer(json: unknown): Tokenizer {
  try {
    return new Tokenizer({ ...(json as object), truncation: null, padding: null }, {});
  } catch (cause) {
    throw new NexusError(
      "embed.tokenizer",
      "[nexus/embed:model2vec] tokenizer.json is not one that can be read; fetch it anew",
      { cause },
    );
  }
}

function unknownId(json: unknown, tokenizer: Tokenizer): number | undefined {
  const token = (json as { model?: { unk_token?: unknown } }).model?.unk_token;
  return typeof token === "string" ? tokenizer.token_to_id(token) : undefined;
}

/** Tells weights apart: of a number in each row, in f32. */
function hashOf({ values, shape: [, dimension = 1] }: NumberTensor): number {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i += dimension) hash = Math.imul(hash ^ (words[i] ?? 0), 0x01000193);
  return hash >>> 0;
}

function unitOf(sum: Float64Array): Float32Array {
  const squares = sum.reduce((total, value) => total + value * value, 0);
  const scale = squares > 0 && squares < Infinity ? 1 / Math.sqrt(squares) : 0;
  return Float32Array.from(sum, (value) => (scale === 0 ? 0 : scale * value));
}
