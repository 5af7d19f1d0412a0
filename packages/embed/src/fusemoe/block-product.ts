/** Products of rows that lack some blocks: only the columns that are there are read. */

import type { Matrices, Matrix } from "@nexus/kernels";

import { type Blocks, runsOf } from "./blocks.ts";
import type { FusionShape } from "./shape.ts";

/** Rows of one mask, side by side in the input. */
interface Stretch {
  readonly mask: number;
  readonly row: number;
  readonly rows: number;
}

/**
 * `out[i] = boost_i · x[i] · weightsᵀ` over the columns that row i has.
 *
 * shapes   x: [≥ n × D], its first n rows are those of `rows`; weights: [J × D]; out: [≥ n × J]
 * cost     n·J·D_present multiply-adds; fastest when rows of one mask are neighbours
 */
export function multiplyBlocks(
  { matrices, shape }: { readonly matrices: Matrices; readonly shape: FusionShape },
  {
    rows,
    x,
    weights,
    out,
  }: { readonly rows: readonly Blocks[]; readonly x: Matrix; readonly weights: Matrix; readonly out: Matrix },
): void {
  for (const { mask, row, rows: count } of stretchesOf(rows)) {
    const to = out.part({ row, rows: count });
    for (const [i, run] of runsOf(shape, mask).entries()) {
      const columns = { column: run.column, columns: run.columns };
      const factor = x.part({ row, rows: count, ...columns });
      matrices.multiply("abt", factor, weights.part(columns), to, i === 0 ? "set" : "add");
    }
  }
  const values = out.values();
  for (const [row, { boost }] of rows.entries()) {
    if (boost === 1) continue;
    for (let at = row * out.columns; at < (row + 1) * out.columns; at++) values[at]! *= boost;
  }
}

function stretchesOf(rows: readonly Blocks[]): Stretch[] {
  const stretches: { mask: number; row: number; rows: number }[] = [];
  for (const [row, { mask }] of rows.entries()) {
    const last = stretches.at(-1);
    if (last?.mask === mask) last.rows++;
    else stretches.push({ mask, row, rows: 1 });
  }
  return stretches;
}
