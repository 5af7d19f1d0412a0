/** What kernels must satisfy against the scalar oracle, as plain functions: the same body runs in Vitest and in workerd. */

import * as fc from "fast-check";
import type { Kernels } from "./kernels.ts";
import { scalarDot } from "./scalar.ts";

const UNIT_ROUNDOFF = 2 ** -24;
const SMALLEST_SUBNORMAL = 2 ** -149;

/** Property → what goes wrong; resolves to nothing where it holds. `runs`: random cases of each. */
export const CONFORMANCE: Readonly<Record<string, (kernels: Kernels, runs: number) => void>> = {
  "scores are within (d/32 + 16) · 2⁻²⁴ · Σ|q·r| + d · 2⁻¹⁴⁹ of the f64 sum, d = 1…170, 0…5 rows": (kernels, runs) => {
    checkBatches(kernels, runs, fc.float({ noNaN: true, min: -(2 ** 50), max: 2 ** 50 }));
  },

  "the same holds for denormal numbers": (kernels, runs) => {
    checkBatches(kernels, runs, fc.float({ noNaN: true, min: -(2 ** -120), max: 2 ** -120 }));
  },

  "zeros score exactly 0": (kernels) => {
    for (let d = 1; d <= 170; d++) {
      const scores = new Float32Array(5).fill(1);
      kernels.dotMany(new Float32Array(d), new Float32Array(5 * d).fill(2), scores);
      expectThat(
        scores.every((score) => score === 0),
        `d = ${d}`,
      );
    }
  },

  "NaN and infinities score what the oracle scores": (kernels, runs) => {
    const special = fc.constantFrom(0, -0, 1, -1, 0.5, Infinity, -Infinity, Number.NaN);
    fc.assert(
      fc.property(batches(special), ({ query, rows, scores }) => {
        kernels.dotMany(query, rows, scores);
        for (const [row, score] of scores.entries()) {
          const exact = scalarDot(query, rows, row * query.length);
          expectThat(Object.is(score + 0, exact + 0), `row ${row}: ${score} for ${exact}`);
        }
      }),
      { numRuns: runs, seed: 42 },
    );
  },

  "a row scores the same bits wherever it stands, in batches of 1 to 9 and of 3,000 at d = 384": (kernels) => {
    for (const [d, count] of [...Array.from({ length: 9 }, (_, n) => [37, n + 1] as const), [384, 3_000] as const]) {
      const query = Float32Array.from({ length: d }, (_, i) => Math.sin(i + 1));
      const row = Float32Array.from({ length: d }, (_, i) => Math.cos(3 * i));
      const rows = new Float32Array(count * d);
      for (let i = 0; i < count; i++) rows.set(row, i * d);
      const scores = new Float32Array(count);
      kernels.dotMany(query, rows, scores);
      const alone = new Float32Array(1);
      kernels.dotMany(query, row, alone);
      expectThat(
        scores.every((score) => score === alone[0]),
        `d = ${d}, ${count} rows`,
      );
    }
  },

  "rows that are too few for the scores are vector.dimension_mismatch": (kernels) => {
    for (const [d, numbers, count] of [
      [4, 7, 2],
      [0, 4, 1],
    ] as const) {
      let code: unknown;
      try {
        kernels.dotMany(new Float32Array(d), new Float32Array(numbers), new Float32Array(count));
      } catch (error) {
        ({ code } = error as { code: unknown });
      }
      expectThat(code === "vector.dimension_mismatch", `code ${String(code)}`);
    }
  },
};

interface Batch {
  readonly query: Float32Array;
  readonly rows: Float32Array;
  readonly scores: Float32Array;
}

function batches(number: fc.Arbitrary<number>): fc.Arbitrary<Batch> {
  return fc.tuple(fc.integer({ min: 1, max: 170 }), fc.nat(5)).chain(([d, count]) =>
    fc.record({
      query: floats(number, d),
      rows: floats(number, d * count),
      scores: fc.constant(new Float32Array(count)),
    }),
  );
}

function floats(number: fc.Arbitrary<number>, length: number): fc.Arbitrary<Float32Array> {
  return fc.array(number, { minLength: length, maxLength: length }).map((values) => Float32Array.from(values));
}

function checkBatches(kernels: Kernels, runs: number, number: fc.Arbitrary<number>): void {
  fc.assert(
    fc.property(batches(number), ({ query, rows, scores }) => {
      const d = query.length;
      kernels.dotMany(query, rows, scores);
      for (const [row, score] of scores.entries()) {
        const exact = scalarDot(query, rows, row * d);
        const magnitude = scalarDot(query.map(Math.abs), rows.map(Math.abs), row * d);
        const allowed = (d / 32 + 16) * UNIT_ROUNDOFF * magnitude + d * SMALLEST_SUBNORMAL;
        expectThat(Math.abs(score - exact) <= allowed, `d = ${d}, row ${row}: ${score} for ${exact}`);
      }
    }),
    { numRuns: runs, seed: 42 },
  );
}

function expectThat(holds: boolean, message: string): void {
  if (!holds) throw new Error(message);
}
