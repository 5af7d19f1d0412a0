/** How good the student is on pairs it was not trained on: what settings are chosen by. */

import type { Matrices } from "@nexus/kernels";
import type { PairList } from "./batches.ts";
import { createBag, fillBag, type Student } from "./student.ts";
import type { TrainingData } from "./train.ts";

export interface Validation {
  /** Mean reciprocal rank of b among all b for a. */
  readonly mrr: number;
  /** Mean cosine with the teacher over texts that have its vector. */
  readonly teacher: number;
  readonly pairs: number;
}

/**
 * shapes   places: of the pairs to look at, at most some thousands
 * cost     places² · dimension multiply-adds
 */
export function validate(
  matrices: Matrices,
  student: Student,
  data: Pick<TrainingData, "encoded" | "unknown" | "teacher" | "teacherOf" | "basis"> & { readonly pairs: PairList },
  places: Uint32Array,
): Validation {
  const [a, b] = [data.pairs.a, data.pairs.b].map((list) => places.map((place) => list[place] as number)) as [
    Uint32Array,
    Uint32Array,
  ];
  const [left, right] = [unitsOf(matrices, student, data, a), unitsOf(matrices, student, data, b)];
  const scores = matrices.create(places.length, places.length);
  matrices.multiply("abt", left, right, scores);
  const values = scores.values();
  let mrr = 0;
  for (let i = 0; i < places.length; i++) {
    const own = values[i * places.length + i] as number;
    let rank = 1;
    for (let j = 0; j < places.length; j++) {
      if ((values[i * places.length + j] as number) > own && b[j] !== b[i] && b[j] !== a[i]) rank++;
    }
    mrr += 1 / rank / places.length;
  }
  const teacher = closeness(data, a, left.values());
  for (const matrix of [left, right, scores]) matrix.release();
  return { mrr, teacher, pairs: places.length };
}

function unitsOf(
  matrices: Matrices,
  student: Student,
  { encoded, unknown }: Pick<TrainingData, "encoded" | "unknown">,
  texts: Uint32Array,
): ReturnType<Matrices["create"]> {
  const bag = createBag(texts.length);
  fillBag(bag, texts, encoded, { unknown, share: 0, random: () => 1 });
  const units = matrices.create(texts.length, student.dimension);
  matrices.sumRows(student.weights, bag, units);
  const values = units.values();
  for (let at = 0; at < values.length; at += student.dimension) {
    let squares = 0;
    for (let i = 0; i < student.dimension; i++) squares += (values[at + i] as number) ** 2;
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let i = 0; i < student.dimension; i++) values[at + i] = scale * (values[at + i] as number);
  }
  return units;
}

function closeness(
  { teacher, teacherOf, basis }: Pick<TrainingData, "teacher" | "teacherOf" | "basis">,
  texts: Uint32Array,
  units: Float32Array,
): number {
  let sum = 0;
  let count = 0;
  for (const [i, text] of texts.entries()) {
    const place = teacherOf[text] as number;
    if (place === -1) continue;
    const given = teacher.values.subarray(place * basis.from, (place + 1) * basis.from);
    let dot = 0;
    let squares = 0;
    for (let row = 0; row < basis.to; row++) {
      let turned = 0;
      for (let j = 0; j < basis.from; j++)
        turned += (basis.rows[row * basis.from + j] as number) * (given[j] as number);
      dot += (units[i * basis.to + row] as number) * turned;
      squares += turned * turned;
    }
    sum += dot / (Math.sqrt(squares) || 1);
    count++;
  }
  return sum / Math.max(1, count);
}
