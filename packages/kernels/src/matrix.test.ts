import { matrixModule } from "#wasm";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMatrices } from "./create-matrices.ts";
import { loadMatrices } from "./load-matrices.ts";
import type { Matrices, Matrix, Product } from "./matrix.ts";
import { hasRelaxedSimd } from "./relaxed-simd.ts";
import { scalarMatrices } from "./scalar-matrices.ts";

const builds: readonly Matrices[] = [
  createMatrices(matrixModule("strict")),
  ...(hasRelaxedSimd() ? [createMatrices(matrixModule("relaxed"))] : []),
];

/** Sizes around the borders of tiles and blocks. */
const side = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(6, 8, 47, 48, 49, 240, 241, 256, 257, 300));
const cases = fc.record({
  product: fc.constantFrom<Product>("ab", "abt", "atb"),
  m: side,
  n: side,
  d: side,
  seed: fc.nat(),
  write: fc.constantFrom("set" as const, "add" as const),
});

/** Numbers of −1…1. */
function numbers(count: number, seed: number): Float32Array {
  let state = seed | 1;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

function shapes(product: Product, m: number, n: number, d: number): [[number, number], [number, number]] {
  return [product === "atb" ? [d, m] : [m, d], product === "abt" ? [n, d] : [d, n]];
}

function compare(out: Matrix, exact: Matrix, bound: number): void {
  const expected = exact.values();
  for (const [i, value] of out.values().entries()) {
    expect(Math.abs(value - (expected[i] ?? Number.NaN))).toBeLessThanOrEqual(bound);
  }
}

describe.each(builds)("$build matrices", (matrices) => {
  test("products of all shapes agree with the scalar oracle within (d + 3) · 2⁻²⁴ · Σ|a·b|", () => {
    fc.assert(
      fc.property(cases, ({ product, m, n, d, seed, write }) => {
        const [left, right] = shapes(product, m, n, d);
        const all = [matrices, scalarMatrices].map((made) => {
          const a = made.create(...left, numbers(m * d, seed));
          const b = made.create(...right, numbers(n * d, seed + 1));
          const out = made.create(m, n, numbers(m * n, seed + 2));
          made.multiply(product, a, b, out, write);
          a.release();
          b.release();
          return out;
        });
        // Numbers are of −1…1, so that d + 1 bounds the sum of the products and of what was there.
        compare(all[0]!, all[1]!, (d + 3) * (d + 1) * 2 ** -24);
        all[0]!.release();
      }),
      { numRuns: 150, seed: 42 },
    );
  });

  test("a product of parts reads and writes these alone", () => {
    fc.assert(
      fc.property(cases, fc.nat(5), fc.nat(5), ({ product, m, n, d, seed }, row, column) => {
        const [left, right] = shapes(product, m, n, d);
        const all = [matrices, scalarMatrices].map((made) => {
          const wholes = [left, right, [m, n] as const].map(([rows, columns], i) => ({
            whole: made.create(rows + 5, columns + 5, numbers((rows + 5) * (columns + 5), seed + i)),
            rectangle: { row, rows, column, columns },
          }));
          const [a, b, out] = wholes.map(({ whole, rectangle }) => whole.part(rectangle));
          made.multiply(product, a!, b!, out!);
          wholes[0]!.whole.release();
          wholes[1]!.whole.release();
          return wholes[2]!.whole;
        });
        compare(all[0]!, all[1]!, (d + 3) * d * 2 ** -24);
        all[0]!.release();
      }),
      { numRuns: 60, seed: 42 },
    );
  });

  test("sums of rows, their way back and Adam's steps agree with the scalar oracle", () => {
    const bags = fc.record({
      texts: fc.array(fc.array(fc.tuple(fc.nat(19), fc.float({ min: -2, max: 2, noNaN: true })), { maxLength: 8 }), {
        minLength: 1,
        maxLength: 6,
      }),
      width: fc.constantFrom(16, 64, 272),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(bags, ({ texts, width, seed }) => {
        const bag = {
          starts: Uint32Array.from([0, ...texts.map((_, i) => texts.slice(0, i + 1).flat().length)]),
          rows: Uint32Array.from(texts.flat(), ([row]) => row),
          weights: Float32Array.from(texts.flat(), ([, weight]) => weight),
        };
        const all = [matrices, scalarMatrices].map((made) => {
          const weights = made.create(20, width, numbers(20 * width, seed));
          const out = made.create(texts.length, width);
          made.sumRows(weights, bag, out);
          const table = made.create(20, width);
          made.spreadRows(table, bag, made.create(texts.length, width, numbers(texts.length * width, seed + 1)));
          const state = { weights, means: made.create(20, width), squares: made.create(20, width) };
          const gradients = made.create(3, width, numbers(3 * width, seed + 2));
          for (let step = 1; step < 4; step++) made.stepRow(state, 7, gradients, step - 1, { rate: 0.1, step });
          return [out, table, weights] as const;
        });
        for (const i of [0, 1] as const) compare(all[0]![i], all[1]![i], 120 * 2 ** -22);
        compare(all[0]![2], all[1]![2], 1e-5);
      }),
      { numRuns: 40, seed: 42 },
    );
  });

  test.each([
    ["a row beyond the table", { starts: [0, 1], rows: [20], weights: [1] }],
    ["starts that fall", { starts: [0, 2, 1], rows: [1, 1], weights: [1, 1] }],
    ["too few weights", { starts: [0, 2], rows: [1, 1], weights: [1] }],
  ])("a bag with %s is vector.dimension_mismatch", (_, { starts, rows, weights }) => {
    const bag = { starts: Uint32Array.from(starts), rows: Uint32Array.from(rows), weights: Float32Array.from(weights) };
    const out = matrices.create(starts.length - 1, 16);
    expect(() => matrices.sumRows(matrices.create(20, 16), bag, out)).toThrow(
      expect.objectContaining({ code: "vector.dimension_mismatch" }),
    );
  });

  test("memory of released matrices is used again", () => {
    const before = matrices.memory().usedBytes;
    for (let i = 0; i < 50; i++) matrices.create(300, 300).release();
    expect(matrices.memory().usedBytes).toBe(before);
    expect(matrices.memory().reservedBytes).toBeLessThan(16 * 2 ** 20);
  });

  test("a new matrix is zero, whatever was there before", () => {
    matrices.create(100, 100, new Float32Array(10_000).fill(7)).release();
    expect(
      matrices
        .create(100, 100)
        .values()
        .every((value) => value === 0),
    ).toBe(true);
  });

  test.each([
    ["ab", [2, 3], [2, 3], [2, 3]],
    ["abt", [2, 3], [3, 2], [2, 2]],
    ["atb", [2, 3], [3, 3], [3, 3]],
    ["ab", [2, 3], [3, 4], [4, 2]],
  ] as const)('product "%s" of %j and %j into %j is vector.dimension_mismatch', (product, a, b, out) => {
    const [left, right, result] = [a, b, out].map(([rows, columns]) => matrices.create(rows, columns));
    expect(() => matrices.multiply(product, left!, right!, result!)).toThrow(
      expect.objectContaining({ code: "vector.dimension_mismatch" }),
    );
  });

  test("shapes and parts that cannot be are vector.dimension_mismatch", () => {
    const mismatch = expect.objectContaining({ code: "vector.dimension_mismatch" });
    expect(() => matrices.create(0, 3)).toThrow(mismatch);
    expect(() => matrices.create(2.5, 3)).toThrow(mismatch);
    expect(() => matrices.create(2, 3, new Float32Array(5))).toThrow(mismatch);
    const matrix = matrices.create(4, 4);
    for (const rectangle of [{ row: 4 }, { row: -1, rows: 2 }, { columns: 5 }, { column: 1.5 }]) {
      expect(() => matrix.part(rectangle)).toThrow(mismatch);
    }
    const other = scalarMatrices.create(4, 4);
    expect(() => matrices.multiply("ab", matrix, other, matrices.create(4, 4))).toThrow(mismatch);
  });
});

test("matrices beyond the bytes allowed are index.full", () => {
  const matrices = loadMatrices({ maxBytes: 4 * 2 ** 20 });
  expect(() => matrices.create(1_024, 1_024)).toThrow(expect.objectContaining({ code: "index.full" }));
});
