import { scalarMatrices, loadMatrices } from "@nexus/kernels";
import { describe, expect, it } from "vitest";

import { type BatchTargets, createLosses } from "./losses.ts";
import { seeded } from "./seeded.ts";

const DIMENSION = 32;
const PAIRS = 6;

function values(count: number, seed: number): Float32Array {
  const random = seeded(seed);
  return Float32Array.from({ length: count }, () => 2 * random() - 1);
}

function targetsOf(a: readonly number[], b: readonly number[]): BatchTargets {
  return {
    vectors: values(2 * PAIRS * DIMENSION, 2),
    known: Uint8Array.from([1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 0]),
    a,
    b,
  };
}

const different = targetsOf([0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]);
const repeated = targetsOf([0, 0, 2, 3, 4, 8], [6, 7, 8, 8, 10, 11]);

describe.each([
  ["partners", { contrast: 1, teacher: 0 }],
  ["the teacher", { contrast: 0, teacher: 1 }],
  ["both", { contrast: 1, teacher: 20 }],
] as const)("the loss of %s", (_, weights) => {
  const options = { dimension: DIMENSION, prefixes: [16, 32], pairs: PAIRS, temperature: 0.2, ...weights };

  it.each([different, repeated])("has the gradient that finite differences give", (targets) => {
    const matrices = loadMatrices();
    const losses = createLosses(matrices, options);
    const sums = matrices.create(2 * PAIRS, DIMENSION, values(2 * PAIRS * DIMENSION, 3));
    const gradients = matrices.create(2 * PAIRS, DIMENSION);
    const spare = matrices.create(2 * PAIRS, DIMENSION);
    const lossAt = (): number => {
      const { contrast, teacher } = losses.apply(sums, targets, spare);
      return weights.contrast * contrast + weights.teacher * teacher;
    };
    losses.apply(sums, targets, gradients);
    const step = 0.01;
    for (let i = 0; i < 2 * PAIRS * DIMENSION; i += 7) {
      const middle = sums.values()[i] ?? 0;
      sums.values()[i] = middle + step;
      const above = lossAt();
      sums.values()[i] = middle - step;
      const below = lossAt();
      sums.values()[i] = middle;
      expect(gradients.values()[i]).toBeCloseTo((above - below) / (2 * step), 2);
    }
  });

  it("is the same in the scalar build within 10⁻⁴", () => {
    const found = [loadMatrices(), scalarMatrices].map((matrices) => {
      const gradients = matrices.create(2 * PAIRS, DIMENSION);
      const sums = matrices.create(2 * PAIRS, DIMENSION, values(2 * PAIRS * DIMENSION, 3));
      return { loss: createLosses(matrices, options).apply(sums, different, gradients), gradients: gradients.values() };
    });
    expect(found[0]?.loss.contrast).toBeCloseTo(found[1]?.loss.contrast ?? Number.NaN, 4);
    expect(found[0]?.loss.teacher).toBeCloseTo(found[1]?.loss.teacher ?? Number.NaN, 4);
    for (const [i, value] of (found[0]?.gradients ?? []).entries()) {
      expect(value).toBeCloseTo(found[1]?.gradients[i] ?? Number.NaN, 4);
    }
  });
});

it("a text without any row has no gradient and spoils nothing", () => {
  const matrices = loadMatrices();
  const options = { dimension: DIMENSION, prefixes: [16, 32], pairs: PAIRS, temperature: 0.2, contrast: 1, teacher: 1 };
  const sums = matrices.create(2 * PAIRS, DIMENSION, values(2 * PAIRS * DIMENSION, 3).fill(0, 0, DIMENSION));
  const gradients = matrices.create(2 * PAIRS, DIMENSION);
  createLosses(matrices, options).apply(sums, different, gradients);
  expect(
    gradients
      .values()
      .subarray(0, DIMENSION)
      .every((value) => value === 0),
  ).toBe(true);
  expect(gradients.values().every(Number.isFinite)).toBe(true);
});
