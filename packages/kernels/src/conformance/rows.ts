/** Resident rows of every format and metric against those of the oracle. */

import * as fc from "fast-check";
import type { RowFormat, RowMetric, RowsOptions } from "../rows.ts";
import { createScalarRows } from "../scalar-rows.ts";
import { scalarDot, scalarNorm, scalarSquaredL2 } from "../scalar-vectors.ts";
import {
  expectClose,
  expectCode,
  expectSame,
  expectThat,
  floats,
  forAll,
  type Properties,
  UNIT_ROUNDOFF,
  noise,
} from "./cases.ts";

const KINDS: readonly (readonly [RowFormat, RowMetric])[] = [
  ["f32", "dot"],
  ["f32", "cosine"],
  ["f32", "squaredL2"],
  ["f16", "dot"],
  ["f16", "cosine"],
  ["f16", "squaredL2"],
  ["u7", "dot"],
  ["u7", "cosine"],
  ["bit", "hamming"],
];
const number = fc.float({ noNaN: true, min: -1_000, max: 1_000 });

export const ROWS: Properties = {
  "rows of every format score what the oracle's rows score, through appends and overwrites": (kernels, runs) => {
    for (const [format, metric] of KINDS) {
      const plays = fc
        .integer({ min: 1, max: 70 })
        .chain((d) =>
          fc.tuple(floats(number, d), fc.array(floats(number, d), { maxLength: 20 }), fc.array(fc.nat(19))),
        );
      forAll(plays, Math.ceil(runs / 10), ([query, vectors, changed]) => {
        const options = { dimension: query.length, format, metric };
        const [rows, exact] = [kernels.createRows(options), createScalarRows(options)];
        for (const [i, vector] of vectors.entries()) {
          expectThat(rows.append(vector) === i && exact.append(vector) === i, `row ${i}`);
        }
        for (const row of changed.filter((one) => one < vectors.length)) {
          rows.overwrite(row, query);
          exact.overwrite(row, query);
        }
        const [scores, expected] = [new Float32Array(vectors.length), new Float32Array(vectors.length)];
        rows.score(query, scores);
        exact.score(query, expected);
        const current = vectors.map((vector, row) => (changed.includes(row) ? query : vector));
        for (const [row, vector] of current.entries()) {
          const allowed = format === "u7" || format === "bit" ? 0 : allowedOf(options, query, vector);
          expectClose(scores[row]!, expected[row]!, allowed, `${format} ${metric}, d = ${query.length}, row ${row}`);
        }
        rows.release();
      });
    }
  },

  "the same over several blocks, at the usual widths": (kernels) => {
    for (const [format, metric] of KINDS) {
      for (const [d, count] of [
        [384, 300],
        [1_536, 70],
      ] as const) {
        const options = { dimension: d, format, metric };
        const [rows, exact] = [kernels.createRows(options), createScalarRows(options)];
        for (let i = 0; i < count; i++) {
          rows.append(noise(d, i));
          exact.append(noise(d, i));
        }
        const [scores, expected] = [new Float32Array(count), new Float32Array(count)];
        rows.score(noise(d, 0.5), scores);
        exact.score(noise(d, 0.5), expected);
        for (let row = 0; row < count; row++) {
          const allowed = format === "u7" || format === "bit" ? 0 : allowedOf(options, noise(d, 0.5), noise(d, row));
          expectClose(scores[row]!, expected[row]!, allowed, `${format} ${metric}, d = ${d}, row ${row}`);
        }
        rows.release();
      }
    }
  },

  "a batch of queries scores the same bits as one query at a time": (kernels) => {
    for (const [format, metric] of KINDS) {
      for (const [d, count, many] of [
        [37, 11, 5],
        [384, 150, 18],
      ] as const) {
        const rows = kernels.createRows({ dimension: d, format, metric });
        for (let i = 0; i < count; i++) rows.append(noise(d, i));
        const queries = noise(d * many, 77);
        const scores = new Float32Array(many * count);
        rows.scoreBatch(queries, scores);
        for (let q = 0; q < many; q++) {
          const alone = new Float32Array(count);
          rows.score(queries.subarray(q * d, (q + 1) * d), alone);
          expectSame(scores.subarray(q * count, (q + 1) * count), alone, `${format} ${metric}, query ${q}`);
        }
        rows.release();
      }
    }
  },

  "f16 rows round to the nearest, ties to even, and hold beyond 65,504 at 65,504": (kernels, runs) => {
    const wide = fc.oneof(
      fc.float({ noNaN: true, noDefaultInfinity: true, min: -70_000, max: 70_000 }),
      fc.float({ noNaN: true, min: -(2 ** -12), max: 2 ** -12 }),
      fc.constantFrom(
        0,
        -0,
        65_504,
        65_519,
        65_520,
        1e30,
        -1e30,
        2 ** -25,
        3 * 2 ** -25,
        1 + 2 ** -11,
        1 + 3 * 2 ** -11,
      ),
    );
    forAll(fc.array(wide, { minLength: 1, maxLength: 40 }), runs, (values) => {
      const options = { dimension: 1, format: "f16", metric: "dot" } as const;
      const [rows, exact] = [kernels.createRows(options), createScalarRows(options)];
      for (const value of values) {
        rows.append(Float32Array.of(value));
        exact.append(Float32Array.of(value));
      }
      const [scores, expected] = [new Float32Array(values.length), new Float32Array(values.length)];
      rows.score(Float32Array.of(1), scores);
      exact.score(Float32Array.of(1), expected);
      expectSame(scores, expected, "number");
      rows.release();
    });
  },

  "u7, f16 and cosine rows refuse vectors that are not finite, and stay as they were": (kernels) => {
    for (const [format, metric] of KINDS.filter(
      ([format, metric]) => ["u7", "f16"].includes(format) || metric === "cosine",
    )) {
      const rows = kernels.createRows({ dimension: 3, format, metric });
      rows.append(Float32Array.of(1, 2, 3));
      const before = new Float32Array(1);
      rows.score(Float32Array.of(3, 2, 1), before);
      for (const bad of [Number.NaN, Infinity, -Infinity]) {
        const vector = Float32Array.of(0, bad, 1);
        expectCode("vector.not_finite", () => rows.append(vector));
        expectCode("vector.not_finite", () => rows.overwrite(0, vector));
        expectCode("vector.not_finite", () => rows.score(vector, new Float32Array(1)));
      }
      const scores = new Float32Array(1);
      rows.score(Float32Array.of(3, 2, 1), scores);
      expectThat(rows.count === 1, `${rows.count} rows`);
      expectSame(scores, before, `${format} ${metric}`);
      rows.release();
    }
  },

  "lengths that do not fit, rows that are not there and unknown metrics are vector.dimension_mismatch": (kernels) => {
    const rows = kernels.createRows({ dimension: 4, format: "f32", metric: "dot" });
    rows.append(new Float32Array(4));
    const bad = "vector.dimension_mismatch";
    expectCode(bad, () => rows.append(new Float32Array(3)));
    expectCode(bad, () => rows.overwrite(0, new Float32Array(5)));
    for (const row of [1, -1, 0.5]) expectCode(bad, () => rows.overwrite(row, new Float32Array(4)));
    expectCode(bad, () => rows.score(new Float32Array(3), new Float32Array(1)));
    expectCode(bad, () => rows.score(new Float32Array(4), new Float32Array(0)));
    expectCode(bad, () => rows.scoreBatch(new Float32Array(7), new Float32Array(2)));
    expectCode(bad, () => rows.scoreBatch(new Float32Array(8), new Float32Array(1)));
    for (const k of [-1, 0.5, 2])
      expectCode(bad, () => rows.top(new Float32Array(4), k, new Uint32Array(1), new Float32Array(9)));
    expectCode(bad, () => kernels.createRows({ dimension: 0, format: "f32", metric: "dot" }));
    expectCode(bad, () => kernels.createRows({ dimension: 4, format: "u7", metric: "squaredL2" }));
    rows.release();
  },
};

/** Sums of products in the worst of the orders that formats have, and a ULP for each number where both sides were normalised. */
function allowedOf({ format, metric }: RowsOptions, query: Float32Array, row: Float32Array): number {
  const d = query.length;
  const lanes = format === "f16" ? 16 : 32;
  if (metric === "squaredL2") {
    // What rounding a row to f16 does is done by the oracle too, but changes the distance that the bound is relative to.
    const distance =
      scalarSquaredL2(query, row) + (format === "f16" ? d * 2 ** -4 * Math.sqrt(scalarSquaredL2(query, row)) + d : 0);
    return (d / lanes + 20) * UNIT_ROUNDOFF * distance + d * 2 ** -149;
  }
  const magnitude = scalarDot(query.map(Math.abs), row.map(Math.abs)) * (format === "f16" ? 1.001 : 1);
  const norms = metric === "cosine" ? scalarNorm(query) * scalarNorm(row) : 1;
  const bound = (d / lanes + 20) * UNIT_ROUNDOFF * (norms === 0 ? 0 : magnitude / norms) + d * 2 ** -149;
  // A number of f16 rows below 2⁻¹⁴ is off by 2⁻²⁵ wherever the norms' last bits differ.
  return bound + (format === "f16" ? d * 2 ** -25 : 0);
}
