/** The inputs of one step: members' vectors side by side, some of them dropped. */

import { type FusionShape, offsetsOf, widthOf } from "../../src/fusemoe/shape.ts";

/** Each member's unit vectors of all texts, [texts · d_m]; a zero vector is absent. */
export type MemberVectors = readonly Float32Array[];

export interface TrainingRow {
  /** [D], 0 where a block is absent. */
  readonly x: Float32Array;
  readonly mask: number;
  readonly boost: number;
}

/** √d·v for the members that are there and that `kept` has the bit of; undefined when none is. */
export function rowOf(
  shape: FusionShape,
  vectors: MemberVectors,
  { text, kept }: { readonly text: number; readonly kept: number },
): TrainingRow | undefined {
  const offsets = offsetsOf(shape);
  const x = new Float32Array(widthOf(shape));
  let mask = 0;
  let width = 0;
  for (const [m, { dimension }] of shape.members.entries()) {
    if (!(kept & (1 << m))) continue;
    const vector = vectors[m]!.subarray(text * dimension, (text + 1) * dimension);
    if (vector.every((value) => value === 0)) continue;
    const scale = Math.sqrt(dimension);
    for (let i = 0; i < dimension; i++) x[offsets[m]! + i] = vector[i]! * scale;
    mask |= 1 << m;
    width += dimension;
  }
  return width === 0 ? undefined : { x, mask, boost: Math.sqrt(x.length / width) };
}

/**
 * What each number of a row is multiplied with so that member m has `shares[m]` of the squares instead of d_m/D.
 *
 * shapes   shares: one for each member, of any sum; returns [D]
 */
export function scalesOf(shape: FusionShape, shares: readonly number[]): Float32Array {
  const total = shares.reduce((sum, share) => sum + share, 0);
  const scales = new Float32Array(widthOf(shape));
  for (const [m, at] of offsetsOf(shape).entries()) {
    const { dimension } = shape.members[m]!;
    scales.fill(Math.sqrt((shares[m]! * scales.length) / (total * dimension)), at, at + dimension);
  }
  return scales;
}

/** A mask that keeps each of `members` with probability 1 − `dropout`, and at least one. */
export function keptMembers(members: number, dropout: number, random: () => number): number {
  let kept = 0;
  for (let m = 0; m < members; m++) if (random() >= dropout) kept |= 1 << m;
  return kept === 0 ? 1 << Math.floor(random() * members) : kept;
}
