/** What differs between the formats of resident rows: how a vector is written, how a query is prepared, which kernel scans. */

import { checkNorm } from "./check.ts";
import { rowShape, type RowsOptions } from "./rows.ts";
import { aligned, type Workspace } from "./workspace.ts";

/** Offsets are bytes; `queryAt` needs `queryBytes` for the query and as many again for its preparation. */
export interface RowOps {
  /** What a row takes up in a block, its scale not counted. */
  readonly bytes: number;
  /** What a row's scale takes up: 0 but for u7. */
  readonly scaleBytes: number;
  readonly queryBytes: number;
  /** Copies a vector in as f32, padded with 0, normalised for cosine. throws `vector.not_finite` where the format cannot hold it */
  stage(vector: Float32Array, at: number, from?: number): void;
  /** Writes the staged vector as a row. */
  write(stagedAt: number, rowAt: number, scaleAt: number): void;
  /** Turns the staged query into what `scan` takes, in place. */
  prepare(queryAt: number): void;
  scan(queryAt: number, rowsAt: number, scalesAt: number, scoresAt: number, count: number): void;
}

export function createRowOps(work: Workspace, { dimension, format, metric }: RowsOptions): RowOps {
  const { kernels } = work;
  const { bytes, width } = rowShape(format, dimension);
  const queryBytes = aligned(4 * (dimension + 15));
  const shape = { bytes, scaleBytes: format === "u7" ? 4 : 0, queryBytes };

  function stage(vector: Float32Array, at: number, from: number = 0): void {
    const numbers = work.f32();
    const start = at / 4;
    for (let i = 0; i < dimension; i++) numbers[start + i] = vector[from + i]!;
    numbers.fill(0, start + dimension, start + queryBytes / 4);
    if (metric === "cosine") checkNorm(kernels.normalise(at, dimension));
    else if (format === "u7" || format === "f16") checkNorm(kernels.norm(at, dimension));
  }

  if (format === "u7") {
    // Of the query that was prepared last.
    let scale = 0;
    let correction = 0;
    return {
      ...shape,
      stage,
      write(stagedAt, rowAt, scaleAt) {
        work.f32()[scaleAt / 4] = kernels.quantise(stagedAt, dimension, rowAt, width);
      },
      prepare(queryAt) {
        scale = kernels.quantise(queryAt, dimension, queryAt + queryBytes, width);
        correction = kernels.centreCodes(queryAt + queryBytes, queryAt, width);
      },
      scan(queryAt, rowsAt, scalesAt, scoresAt, count) {
        kernels.scoreCodesMany(queryAt, rowsAt, scalesAt, scoresAt, width, count, scale, correction);
      },
    };
  }
  if (format === "bit") {
    return {
      ...shape,
      stage,
      write: (stagedAt, rowAt) => kernels.packSigns(stagedAt, dimension, rowAt, width),
      prepare(queryAt) {
        kernels.packSigns(queryAt, dimension, queryAt + queryBytes, width);
        work.u8().copyWithin(queryAt, queryAt + queryBytes, queryAt + queryBytes + width);
      },
      scan: (queryAt, rowsAt, _, scoresAt, count) => kernels.hammingMany(queryAt, rowsAt, scoresAt, width, count),
    };
  }
  const f16 = format === "f16";
  const dots = f16 ? kernels.dotF16Many : kernels.dotMany;
  const distances = f16 ? kernels.squaredL2F16Many : kernels.squaredL2Many;
  const kernel = metric === "squaredL2" ? distances : dots;
  return {
    ...shape,
    stage,
    write(stagedAt, rowAt) {
      if (f16) kernels.narrowToF16(stagedAt, dimension, rowAt, width);
      else work.u8().copyWithin(rowAt, stagedAt, stagedAt + bytes);
    },
    prepare: () => undefined,
    scan: (queryAt, rowsAt, _, scoresAt, count) => kernel(queryAt, rowsAt, scoresAt, width, count),
  };
}
