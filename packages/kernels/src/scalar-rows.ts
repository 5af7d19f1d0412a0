/** Resident rows in plain JavaScript: what the wasm rows are compared with. */

import { checkNorm, checkRoom, checkRow, checkTop, checkVector, wholeQueries } from "./check.ts";
import { bitsWidth, codesWidth } from "./kernels.ts";
import { checkRows, larger, type Rows, rowShape, type RowsOptions } from "./rows.ts";
import { scalarCodesDot, scalarF16, scalarHamming, scalarPackSigns, scalarQuantise } from "./scalar-codes.ts";
import { scalarDot, scalarNorm, scalarNormalise, scalarSquaredL2 } from "./scalar-vectors.ts";

/** A row as it is stored: `numbers` for f32 and f16, `codes` for u7 and bit. */
interface Stored {
  readonly numbers: Float32Array;
  readonly codes: Uint8Array;
  readonly scale: number;
}

export function createScalarRows(options: RowsOptions): Rows {
  checkRows(options);
  const { dimension, format, metric } = options;
  const stored: Stored[] = [];

  function storedFrom(vector: Float32Array, isRow: boolean): Stored {
    checkVector(vector.length, dimension);
    const numbers = Float32Array.from(vector);
    if (metric === "cosine") checkNorm(scalarNormalise(numbers));
    else if (format === "u7" || format === "f16") checkNorm(scalarNorm(numbers));
    const codes = new Uint8Array(format === "u7" ? codesWidth(dimension) : format === "bit" ? bitsWidth(dimension) : 0);
    const scale = format === "u7" ? scalarQuantise(numbers, codes) : 0;
    if (format === "bit") scalarPackSigns(numbers, codes);
    if (format === "f16" && isRow) for (let i = 0; i < dimension; i++) numbers[i] = scalarF16(numbers[i]!);
    return { numbers, codes, scale };
  }

  function compare(query: Stored, row: Stored): number {
    if (format === "bit") return scalarHamming(query.codes, row.codes);
    if (format === "u7")
      return Math.fround(scalarCodesDot(query.codes, row.codes)) * Math.fround(query.scale * row.scale);
    return metric === "squaredL2" ? scalarSquaredL2(query.numbers, row.numbers) : scalarDot(query.numbers, row.numbers);
  }

  const rows: Rows = {
    ...options,
    bytesPerRow: rowShape(format, dimension).bytes + (format === "u7" ? 4 : 0),
    get count() {
      return stored.length;
    },

    append: (vector) => stored.push(storedFrom(vector, true)) - 1,

    overwrite(row, vector) {
      checkVector(vector.length, dimension);
      checkRow(row, stored.length);
      stored[row] = storedFrom(vector, true);
    },

    score(query, scores) {
      checkRoom(scores.length, stored.length);
      const prepared = storedFrom(query, false);
      for (const [i, row] of stored.entries()) scores[i] = compare(prepared, row);
    },

    scoreBatch(queries, scores) {
      const many = wholeQueries(queries.length, dimension);
      checkRoom(scores.length, many * stored.length);
      for (let q = 0; q < many; q++) {
        rows.score(queries.subarray(q * dimension, (q + 1) * dimension), scores.subarray(q * stored.length));
      }
    },

    top(query, k, found, scores) {
      checkTop(k, Math.min(found.length, scores.length));
      const all = new Float32Array(stored.length);
      rows.score(query, all);
      const sign = larger(metric) ? -1 : 1;
      const best = Array.from(all, (score, row) => ({ score, row }))
        .filter(({ score }) => !Number.isNaN(score))
        .sort((a, b) => (a.score === b.score ? a.row - b.row : sign * (a.score < b.score ? -1 : 1)))
        .slice(0, k);
      for (const [i, { score, row }] of best.entries()) {
        found[i] = row;
        scores[i] = score;
      }
      return best.length;
    },

    release() {
      stored.length = 0;
    },
  };
  return rows;
}
