/** The vectors of the teacher E1 (all-MiniLM-L6-v2, q8), kept on disk: computed once, whatever is trained with them. */

import { closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync, truncateSync, writeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openE1 } from "../e1.node.ts";
import { TEACHER_DIMENSION, type TeacherVectors } from "./teacher.ts";

/** Longest text that the teacher reads, special tokens included. */
const MOST_TOKENS = 64;
/** Texts that a stop loses at most. */
const STEP = 1_024;
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
 * cost     2–4 ms a text on one core
 */
export async function teach(
  texts: readonly string[],
  { model, cache, progress }: TeacherOptions,
): Promise<TeacherVectors> {
  mkdirSync(new URL(".", cache), { recursive: true });
  let done = existsSync(cache) ? Math.floor(statSync(cache).size / RECORD) : 0;
  if (done < texts.length && !(existsSync(cache) && statSync(cache).size >= texts.length * RECORD)) {
    const e1 = await openE1(fileURLToPath(model), MOST_TOKENS);
    const file = openSync(cache, "a");
    truncateSync(cache, done * RECORD);
    try {
      for (; done < texts.length; done = Math.min(texts.length, done + STEP)) {
        writeSync(file, encoded(await e1.embed(texts.slice(done, done + STEP))));
        progress(Math.min(texts.length, done + STEP), texts.length);
      }
    } finally {
      closeSync(file);
      await e1.close();
    }
  }
  return decode(readFileSync(cache), texts.length);
}

function encoded(vectors: readonly Float32Array[]): Uint8Array {
  const records = new Uint8Array(vectors.length * RECORD);
  for (const [i, vector] of vectors.entries()) encode(vector, records, i * RECORD);
  return records;
}

/** Writes a unit vector. */
function encode(vector: Float32Array, records: Uint8Array, at: number): void {
  const most = vector.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
  new DataView(records.buffer).setFloat32(at, most / 127, true);
  for (const [i, value] of vector.entries()) records[at + 4 + i] = Math.round((127 * value) / most);
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
