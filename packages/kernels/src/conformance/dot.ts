/** `dotMany` and `dotBatch` against the f64 sum. */

import * as fc from "fast-check";
import type { Kernels } from "../kernels.ts";
import { scalarDot } from "../scalar.ts";
import {
  batches,
  denormal,
  expectClose,
  expectCode,
  expectSame,
  expectThat,
  floats,
  forAll,
  ordinary,
  type Properties,
  SMALLEST_SUBNORMAL,
  special,
  UNIT_ROUNDOFF,
  noise,
  WIDTHS,
} from "./cases.ts";

export const DOT: Properties = {
  "dots are within (d/32 + 16) · 2⁻²⁴ · Σ|q·r| + d · 2⁻¹⁴⁹ of the f64 sum, d = 1…170, 0…5 rows": (kernels, runs) => {
    forAll(batches(ordinary), runs, ({ query, rows }) => checkDots(kernels, query, rows));
  },

  "the same holds for denormal numbers": (kernels, runs) => {
    forAll(batches(denormal), runs, ({ query, rows }) => checkDots(kernels, query, rows));
  },

  "the same holds at d = 128, 256, 384, 512, 768, 1024, 1536": (kernels) => {
    for (const d of WIDTHS) checkDots(kernels, noise(d, 1), noise(9 * d, 2));
  },

  "zeros score exactly 0": (kernels) => {
    for (let d = 1; d <= 170; d++) {
      const scores = new Float32Array(5).fill(1);
      kernels.dotMany(new Float32Array(d), new Float32Array(5 * d).fill(2), scores);
      expectSame(scores, new Float32Array(5), `d = ${d}`);
    }
  },

  "NaN and infinities score what the oracle scores": (kernels, runs) => {
    forAll(batches(special), runs, ({ query, rows, scores }) => {
      kernels.dotMany(query, rows, scores);
      const exact = scores.map((_, row) => scalarDot(query, rows, row * query.length));
      expectSame(scores, exact, "score");
    });
  },

  "a row scores the same bits wherever it stands, in batches of 1 to 9 and of 3,000 at d = 384": (kernels) => {
    for (const [d, count] of [...Array.from({ length: 9 }, (_, n) => [37, n + 1] as const), [384, 3_000] as const]) {
      const row = noise(d, 3);
      const rows = new Float32Array(count * d);
      for (let i = 0; i < count; i++) rows.set(row, i * d);
      const scores = new Float32Array(count);
      kernels.dotMany(noise(d, 4), rows, scores);
      expectThat(
        scores.every((score) => score === scores[0]),
        `d = ${d}, ${count} rows`,
      );
    }
  },

  "many queries score the same bits as one at a time, 1…9 queries, 0…5 rows": (kernels, runs) => {
    const pairs = fc
      .tuple(fc.integer({ min: 1, max: 170 }), fc.integer({ min: 1, max: 9 }), fc.nat(5))
      .chain(([d, m, n]) => fc.tuple(fc.constant(d), floats(ordinary, d * m), floats(ordinary, d * n)));
    forAll(pairs, Math.ceil(runs / 2), ([d, queries, rows]) => checkBatch(kernels, queries, rows, d));
    for (const d of WIDTHS) checkBatch(kernels, noise(6 * d, 5), noise(201 * d, 6), d);
  },

  "rows or scores that are too few are vector.dimension_mismatch": (kernels) => {
    for (const [d, numbers, count] of [
      [4, 7, 2],
      [0, 4, 1],
    ] as const) {
      const [query, rows, scores] = [new Float32Array(d), new Float32Array(numbers), new Float32Array(count)];
      for (const method of ["dotMany", "cosineMany", "squaredL2Many"] as const) {
        expectCode("vector.dimension_mismatch", () => kernels[method](query, rows, scores));
      }
    }
    for (const [queries, rows, scores, d] of [
      [4, 8, 1, 4],
      [5, 8, 4, 4],
      [4, 9, 4, 4],
      [4, 4, 4, 0],
    ] as const) {
      expectCode("vector.dimension_mismatch", () =>
        kernels.dotBatch(new Float32Array(queries), new Float32Array(rows), new Float32Array(scores), d),
      );
    }
  },
};

function checkDots(kernels: Kernels, query: Float32Array, rows: Float32Array): void {
  const d = query.length;
  const scores = new Float32Array(rows.length / d);
  kernels.dotMany(query, rows, scores);
  for (const [row, score] of scores.entries()) {
    const magnitude = scalarDot(query.map(Math.abs), rows.map(Math.abs), row * d);
    const allowed = (d / 32 + 16) * UNIT_ROUNDOFF * magnitude + d * SMALLEST_SUBNORMAL;
    expectClose(score, scalarDot(query, rows, row * d), allowed, `d = ${d}, row ${row}`);
  }
}

function checkBatch(kernels: Kernels, queries: Float32Array, rows: Float32Array, d: number): void {
  const [m, n] = [queries.length / d, rows.length / d];
  const scores = new Float32Array(m * n);
  kernels.dotBatch(queries, rows, scores, d);
  for (let q = 0; q < m; q++) {
    const alone = new Float32Array(n);
    kernels.dotMany(queries.subarray(q * d, (q + 1) * d), rows, alone);
    expectSame(scores.subarray(q * n, (q + 1) * n), alone, `d = ${d}, query ${q} of ${m}`);
  }
}
