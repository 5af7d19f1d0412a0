/** Hard negatives: pairs that the student finds alike are put into one batch, where each is a wrong answer to the others. */

import type { Matrices, Matrix } from "@nexus/kernels";
import type { PairList } from "./batches.ts";
import type { Encoded } from "./encoded.ts";
import { seeded, shuffle } from "./seeded.ts";
import { createBag, fillBag, type Student } from "./student.ts";

export interface MineOptions {
  /** Pairs whose first texts the others are grouped around. */
  readonly centres: number;
  readonly seed: number;
}

/** First numbers of the vectors that are compared. */
const DEPTH = 64;
const BLOCK = 2_048;

/**
 * The places, those of one group beside each other: of each first text the nearest of some centres, drawn by lot, decides.
 *
 * cost     a sum of rows and centres · 64 multiply-adds a pair: about 15 s for a million pairs and 512 centres
 */
export function nearbyOrder(
  matrices: Matrices,
  student: Student,
  data: { readonly encoded: Encoded; readonly unknown: Encoded; readonly pairs: PairList },
  places: Uint32Array,
  { centres, seed }: MineOptions,
): Uint32Array {
  const random = seeded(seed);
  const count = Math.min(centres, places.length);
  const texts = (chosen: Uint32Array): Uint32Array => chosen.map((place) => data.pairs.a[place] as number);
  const drawn = shuffle(places.slice(), random).subarray(0, count);
  const middle = matrices.create(count, student.dimension);
  sumUnits(matrices, student, data, texts(drawn), middle);
  const [sums, scores] = [matrices.create(BLOCK, student.dimension), matrices.create(BLOCK, count)];
  const groups = new Uint16Array(places.length);
  for (let from = 0; from < places.length; from += BLOCK) {
    const block = places.subarray(from, from + BLOCK);
    sumUnits(matrices, student, data, texts(block), sums);
    const columns = { columns: DEPTH };
    matrices.multiply("abt", sums.part(columns), middle.part(columns), scores);
    const values = scores.values();
    for (let i = 0; i < block.length; i++) {
      let best = 0;
      for (let j = 1; j < count; j++) if (values[i * count + j]! > values[i * count + best]!) best = j;
      groups[from + i] = best;
    }
  }
  for (const matrix of [middle, sums, scores]) matrix.release();
  // Sorting keeps the order within a group, which was drawn by lot.
  const order = shuffle(Uint32Array.from(places.keys()), random).sort((x, y) => groups[x]! - groups[y]!);
  return order.map((at) => places[at] as number);
}

/** Sums of rows, whose first numbers are scaled to a unit vector. */
function sumUnits(
  matrices: Matrices,
  student: Student,
  { encoded, unknown }: { readonly encoded: Encoded; readonly unknown: Encoded },
  texts: Uint32Array,
  into: Matrix,
): void {
  const bag = createBag(texts.length);
  fillBag(bag, texts, encoded, { unknown, share: 0, random: () => 1 });
  const sums = matrices.create(texts.length, student.dimension);
  matrices.sumRows(student.weights, bag, sums);
  const [from, to] = [sums.values(), into.values()];
  for (let at = 0; at < from.length; at += student.dimension) {
    let squares = 0;
    for (let i = 0; i < DEPTH; i++) squares += from[at + i]! ** 2;
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let i = 0; i < DEPTH; i++) to[at + i] = scale * from[at + i]!;
  }
  sums.release();
}
