/** The vectors of the teacher E1 (all-MiniLM-L6-v2, q8), kept on disk: computed once, whatever is trained with them. */

import { closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync, truncateSync, writeSync } from "node:fs";
import { Tokenizer } from "@huggingface/tokenizers";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { TEACHER_DIMENSION, type TeacherVectors } from "./teacher.ts";

/** Longest text that the teacher reads, special tokens included: its cost grows with the length. */
const MOST_TOKENS = 64;
/** Texts whose lengths are sorted together, and texts in one batch: all of one length, since the teacher's q8 vectors would depend on padding. */
const SORTED = 4_096;
const BATCH = 16;
/** A stored vector: f32 scale, then an i8 a number. */
const RECORD = 4 + TEACHER_DIMENSION;

export interface TeacherOptions {
  /** The model's folder. */
  readonly model: URL;
  /** Where the vectors are kept; what is there already is not computed again. */
  readonly cache: URL;
  readonly progress: (done: number, of: number) => void;
}

/**
 * Unit vectors of the texts, in their order.
 *
 * cost     about 2 ms a text of 30 tokens on one core
 */
export async function teach(
  texts: readonly string[],
  { model, cache, progress }: TeacherOptions,
): Promise<TeacherVectors> {
  mkdirSync(new URL(".", cache), { recursive: true });
  let done = existsSync(cache) ? Math.floor(statSync(cache).size / RECORD) : 0;
  done -= done % SORTED;
  if (done < texts.length && !(existsSync(cache) && statSync(cache).size >= texts.length * RECORD)) {
    const embed = await openTeacher(model);
    const file = openSync(cache, "a");
    truncateSync(cache, done * RECORD);
    try {
      for (; done < texts.length; done = Math.min(texts.length, done + SORTED)) {
        writeSync(file, await embed(texts.slice(done, done + SORTED)));
        progress(Math.min(texts.length, done + SORTED), texts.length);
      }
    } finally {
      closeSync(file);
    }
  }
  return decode(readFileSync(cache), texts.length);
}

async function openTeacher(model: URL): Promise<(texts: readonly string[]) => Promise<Uint8Array>> {
  const json = (name: string): object => JSON.parse(readFileSync(new URL(name, model), "utf8")) as object;
  const tokenizer = new Tokenizer(
    { ...json("tokenizer.json"), truncation: null, padding: null },
    json("tokenizer_config.json"),
  );
  const session = await InferenceSession.create(readFileSync(new URL("onnx/model_quantized.onnx", model)), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  return async (texts) => {
    const ids = texts.map((text) => {
      const all = tokenizer.encode(text).ids;
      return all.length <= MOST_TOKENS ? all : [...all.slice(0, MOST_TOKENS - 1), all.at(-1) ?? 0];
    });
    const order = [...ids.keys()].sort((x, y) => (ids[x] ?? []).length - (ids[y] ?? []).length || x - y);
    const records = new Uint8Array(texts.length * RECORD);
    for (let from = 0; from < order.length;) {
      const length = (ids[order[from] ?? 0] ?? []).length;
      let to = from + 1;
      while (to < order.length && to < from + BATCH && (ids[order[to] ?? 0] ?? []).length === length) to++;
      const batch = order.slice(from, to);
      const sums = await run(
        session,
        batch.map((place) => ids[place] ?? []),
        length,
      );
      for (const [row, place] of batch.entries()) {
        encode(sums.subarray(row * TEACHER_DIMENSION, (row + 1) * TEACHER_DIMENSION), records, place * RECORD);
      }
      from = to;
    }
    return records;
  };
}

/** returns  the sums of the tokens' vectors, [batch · 384] */
async function run(
  session: InferenceSession,
  batch: readonly (readonly number[])[],
  length: number,
): Promise<Float32Array> {
  const dims = [batch.length, length];
  const tensor = (values: BigInt64Array): Tensor => new Tensor("int64", values, dims);
  const size = batch.length * length;
  const output = await session.run({
    input_ids: tensor(BigInt64Array.from(batch.flat(), BigInt)),
    attention_mask: tensor(new BigInt64Array(size).fill(1n)),
    token_type_ids: tensor(new BigInt64Array(size)),
  });
  const states = output["last_hidden_state"]?.data as Float32Array;
  const sums = new Float32Array(batch.length * TEACHER_DIMENSION);
  for (let row = 0, at = 0; row < batch.length; row++) {
    const sum = sums.subarray(row * TEACHER_DIMENSION, (row + 1) * TEACHER_DIMENSION);
    for (let token = 0; token < length; token++) {
      for (let i = 0; i < TEACHER_DIMENSION; i++, at++) sum[i] = (sum[i] ?? 0) + (states[at] ?? 0);
    }
  }
  return sums;
}

/** Writes the unit vector of `sum`. */
function encode(sum: Float32Array, records: Uint8Array, at: number): void {
  let squares = 0;
  let most = 0;
  for (const value of sum) {
    squares += value * value;
    most = Math.max(most, Math.abs(value));
  }
  const norm = Math.sqrt(squares) || 1;
  most = most / norm || 1;
  new DataView(records.buffer).setFloat32(at, most / 127, true);
  for (const [i, value] of sum.entries()) records[at + 4 + i] = Math.round((127 * value) / norm / most);
}

function decode(bytes: Uint8Array, count: number): TeacherVectors {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const values = new Int8Array(count * TEACHER_DIMENSION);
  const scales = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    scales[i] = view.getFloat32(i * RECORD, true);
    values.set(
      new Int8Array(bytes.buffer, bytes.byteOffset + i * RECORD + 4, TEACHER_DIMENSION),
      i * TEACHER_DIMENSION,
    );
  }
  return { count, values, scales };
}
