/** E1's vectors for training: the q8 model on one thread of onnxruntime-node, texts cut short, vectors kept on disk. */

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import { InferenceSession, Tensor } from "onnxruntime-node";

export const E1_DIMENSION = 384;

interface E1Options {
  /** Tokens with the special ones; what is longer is cut. */
  readonly maxTokens: number;
  readonly progress?: (done: number, of: number) => void;
}

/** Texts run together: of one length, because a q8 vector depends on what it is padded with. */
const BATCH = 32;

export interface E1 {
  /** [texts · 384] unit vectors, in the texts' order. */
  embed(texts: readonly string[], options: E1Options): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * cost     1.3–4 ms for a text of up to 64 tokens, 100 MB
 * throws   what ONNX Runtime or the file system throws when the folder is no all-MiniLM-L6-v2
 */
export async function openE1(folder: string): Promise<E1> {
  const read = (name: string): object => JSON.parse(readFileSync(join(folder, name), "utf8")) as object;
  // The file's own padding and truncation (128) are not the model's.
  const tokenizer = new Tokenizer(
    { ...read("tokenizer.json"), padding: null, truncation: null },
    read("tokenizer_config.json"),
  );
  const session = await InferenceSession.create(join(folder, "onnx/model_quantized.onnx"), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  return {
    async embed(texts, { maxTokens, progress }) {
      const ids = texts.map((text) => cut(tokenizer.encode(text).ids, maxTokens));
      const order = ids.map((_, i) => i).toSorted((a, b) => ids[a]!.length - ids[b]!.length);
      const vectors = new Float32Array(texts.length * E1_DIMENSION);
      for (let first = 0; first < order.length;) {
        const length = ids[order[first]!]!.length;
        let end = first + 1;
        while (end < order.length && end - first < BATCH && ids[order[end]!]!.length === length) end++;
        const batch = order.slice(first, end);
        const states = await run(session, batch, ids, length);
        batch.forEach((text, i) => pool(states, i, length, vectors.subarray(text * E1_DIMENSION)));
        first = end;
        progress?.(first, order.length);
      }
      return vectors;
    },
    close: () => session.release(),
  };
}

/** The vectors of `file`, or of `make`, which are then written there. */
export async function keptVectors(
  file: string,
  count: number,
  make: () => Promise<Float32Array>,
): Promise<Float32Array> {
  if (existsSync(file)) {
    const bytes = readFileSync(file);
    if (bytes.length === 4 * E1_DIMENSION * count)
      return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  }
  const vectors = await make();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength));
  renameSync(`${file}.part`, file);
  return vectors;
}

/** The last id, [SEP], stays. */
function cut(ids: readonly number[], maxTokens: number): readonly number[] {
  return ids.length <= maxTokens ? ids : [...ids.slice(0, maxTokens - 1), ids.at(-1)!];
}

async function run(
  session: InferenceSession,
  batch: readonly number[],
  ids: readonly (readonly number[])[],
  length: number,
): Promise<Float32Array> {
  const shape = [batch.length, length];
  const flat = BigInt64Array.from(batch.flatMap((text) => ids[text]!.map(BigInt)));
  const { last_hidden_state: states } = await session.run({
    input_ids: new Tensor("int64", flat, shape),
    attention_mask: new Tensor("int64", new BigInt64Array(flat.length).fill(1n), shape),
    token_type_ids: new Tensor("int64", new BigInt64Array(flat.length), shape),
  });
  return states!.data as Float32Array;
}

/** The mean over all tokens, to length 1. */
function pool(states: Float32Array, text: number, length: number, to: Float32Array): void {
  let squares = 0;
  for (let d = 0; d < E1_DIMENSION; d++) {
    let sum = 0;
    for (let t = 0; t < length; t++) sum += states[(text * length + t) * E1_DIMENSION + d]!;
    to[d] = sum / length;
    squares += (sum / length) ** 2;
  }
  const scale = 1 / Math.max(Math.sqrt(squares), 1e-12);
  for (let d = 0; d < E1_DIMENSION; d++) to[d]! *= scale;
}
