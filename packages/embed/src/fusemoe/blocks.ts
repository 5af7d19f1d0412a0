/** The members' vectors of several inputs, made ready: checked, scaled, side by side, and what is absent left out. */

import { NexusError } from "@nexus/core";

import { normOf } from "./prefix.ts";
import { type FusionShape, offsetsOf, widthOf } from "./shape.ts";

/** One input: each member's vector by its id. A member that is absent, or whose vector is zero and so has no direction, is masked. */
export type FusionInput = ReadonlyMap<string, Float32Array>;

export interface Blocks {
  /** Indices of members that are there. */
  readonly present: readonly number[];
  /** One bit for each of them. */
  readonly mask: number;
  /** [D]: √d_m·v_m/‖v_m‖ in the blocks that are present; nothing reads the others, which hold 0. */
  readonly x: Float32Array;
  /** √(D/D_present), for products that lack the absent blocks. */
  readonly boost: number;
}

/** Columns of blocks that lie side by side. */
export interface Run {
  readonly column: number;
  readonly columns: number;
}

/**
 * throws  `embed.fusion` with no member present or one that is not of the network, `vector.dimension_mismatch`, `vector.not_finite`
 */
export function blocksOf(shape: FusionShape, input: FusionInput): Blocks {
  checkNames(shape, input);
  const offsets = offsetsOf(shape);
  const x = new Float32Array(widthOf(shape));
  const present: number[] = [];
  let mask = 0;
  let width = 0;
  for (const [m, { id, dimension }] of shape.members.entries()) {
    const vector = input.get(id);
    if (vector === undefined) continue;
    const norm = checkedNorm(vector, id, dimension);
    if (norm === 0) continue;
    const scale = Math.sqrt(dimension) / norm;
    const at = offsets[m]!;
    for (let i = 0; i < dimension; i++) x[at + i] = vector[i]! * scale;
    present.push(m);
    mask |= 1 << m;
    width += dimension;
  }
  if (width === 0) {
    const expected = shape.members.map(({ id }) => id).join(", ");
    throw new NexusError(
      "embed.fusion",
      `[nexus/embed:fusemoe] none of the members has a vector with a direction, expected at least one of ${expected}`,
    );
  }
  return { present, mask, x, boost: Math.sqrt(x.length / width) };
}

/** The columns of a mask's members, neighbours joined. */
export function runsOf(shape: FusionShape, mask: number): Run[] {
  const runs: { column: number; columns: number }[] = [];
  let at = 0;
  for (const [m, { dimension }] of shape.members.entries()) {
    if (mask & (1 << m)) {
      const last = runs.at(-1);
      if (last !== undefined && last.column + last.columns === at) last.columns += dimension;
      else runs.push({ column: at, columns: dimension });
    }
    at += dimension;
  }
  return runs;
}

function checkNames({ members }: FusionShape, input: FusionInput): void {
  const strange = [...input.keys()].filter((id) => !members.some((member) => member.id === id));
  if (strange.length === 0) return;
  const expected = members.map(({ id }) => id).join(", ");
  throw new NexusError(
    "embed.fusion",
    `[nexus/embed:fusemoe] ${strange.join(", ")} is no member, there are ${expected}`,
  );
}

function checkedNorm(vector: Float32Array, id: string, dimension: number): number {
  if (vector.length !== dimension) {
    throw new NexusError(
      "vector.dimension_mismatch",
      `[nexus/embed:fusemoe] the vector of ${id} has ${vector.length} dimensions, the network expects ${dimension}`,
    );
  }
  const norm = normOf(vector);
  if (Number.isFinite(norm)) return norm;
  throw new NexusError(
    "vector.not_finite",
    `[nexus/embed:fusemoe] the vector of ${id} holds a number that is not finite`,
  );
}
