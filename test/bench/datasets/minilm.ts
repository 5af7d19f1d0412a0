/** all-MiniLM-L6-v2 of the shared models, int8, on one thread of onnxruntime-node. */

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { load } from "../rivals/load.ts";

export interface MiniLm {
  /** Word pieces with [CLS] and [SEP], not cut. */
  tokens(text: string): number[];
  /** Texts of one length, so that nothing is padded: dynamic int8 takes its range from all of the tensor. Rows of DIMENSION, unit length. */
  embed(batch: readonly (readonly number[])[]): Promise<Float32Array>;
}

export const DIMENSION = 384;
export const MODEL: string = fileURLToPath(new URL("../../../../shared/models/all-MiniLM-L6-v2/", import.meta.url));
export const WEIGHTS: string = `${MODEL}onnx/model_quantized.onnx`;

interface Runtime {
  readonly InferenceSession: { create(path: string, options: object): Promise<Session> };
  readonly Tensor: new (type: string, data: BigInt64Array, shape: readonly number[]) => object;
}

interface Session {
  run(feeds: Record<string, object>): Promise<Record<string, { readonly data: Float32Array }>>;
}

interface Tokenizers {
  readonly Tokenizer: new (tokenizer: object, config: object) => { encode(text: string): { readonly ids: number[] } };
}

/** Undefined where the model or a library is missing. */
export async function loadMiniLm(): Promise<MiniLm | undefined> {
  if (!existsSync(WEIGHTS)) return undefined;
  const [runtime, tokenizers] = [
    await load<Runtime>("onnxruntime-node"),
    await load<Tokenizers>("@huggingface/tokenizers"),
  ];
  if (!runtime || !tokenizers) return undefined;
  const json = (name: string) => JSON.parse(readFileSync(`${MODEL}${name}`, "utf8")) as object;
  const tokenizer = new tokenizers.Tokenizer(json("tokenizer.json"), json("tokenizer_config.json"));
  const session = await runtime.InferenceSession.create(WEIGHTS, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  return {
    tokens: (text) => tokenizer.encode(text).ids,
    async embed(batch) {
      const length = batch[0]?.length ?? 0;
      const tensor = (data: BigInt64Array) => new runtime.Tensor("int64", data, [batch.length, length]);
      const { last_hidden_state: states } = await session.run({
        input_ids: tensor(BigInt64Array.from(batch.flat(), BigInt)),
        attention_mask: tensor(new BigInt64Array(batch.length * length).fill(1n)),
        token_type_ids: tensor(new BigInt64Array(batch.length * length)),
      });
      return pooled(states!.data, batch.length, length);
    },
  };
}

/** The mean over a text's tokens, at unit length. */
function pooled(states: Float32Array, count: number, length: number): Float32Array {
  const rows = new Float32Array(count * DIMENSION);
  for (let row = 0; row < count; row++) {
    const out = rows.subarray(row * DIMENSION, (row + 1) * DIMENSION);
    for (let token = 0; token < length; token++) {
      const from = (row * length + token) * DIMENSION;
      for (let i = 0; i < DIMENSION; i++) out[i]! += states[from + i]!;
    }
    const norm = Math.hypot(...out);
    for (let i = 0; i < DIMENSION; i++) out[i]! /= norm;
  }
  return rows;
}
