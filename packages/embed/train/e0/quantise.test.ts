import { describe, expect, it } from "vitest";

import { decodeStaticModel } from "../../src/static/format.ts";
import { quantise } from "./quantise.ts";
import { seeded } from "./seeded.ts";

const PLAN = { hashes: Uint32Array.of(5, 6, 7), words: 2, common: 1, parts: 1, shared: 3 };
const WIDTH = 256;
const random = seeded(9);
const weights = Float32Array.from({ length: 6 * WIDTH }, (_, i) => (i < WIDTH ? 0 : (random() - 0.5) * (1 + (i % 5))));

function rowsOf(bytes: Uint8Array): Float32Array {
  const { codes, scales, dimension, bits } = decodeStaticModel(bytes);
  return Float32Array.from({ length: scales.length * dimension }, (_, i) => {
    const scale = scales[Math.floor(i / dimension)] ?? 0;
    if (bits === 8) return scale * (codes[i] ?? 0);
    const pair = codes[i >> 1] ?? 0;
    return scale * (i % 2 === 0 ? (pair << 28) >> 28 : pair >> 4);
  });
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe("quantise", () => {
  it("moves no number of 8 bits by more than half a 127th of its row's largest", () => {
    const rows = rowsOf(quantise(PLAN, weights, WIDTH, { dimension: 256, bits: 8, unrelated: [0, 0, 0] }));
    for (let row = 0; row < 6; row++) {
      const values = weights.subarray(row * WIDTH, (row + 1) * WIDTH);
      const most = Math.max(...values.map(Math.abs));
      for (const [i, value] of values.entries()) {
        expect(Math.abs(value - (rows[row * WIDTH + i] ?? Number.NaN))).toBeLessThanOrEqual((0.5001 * most) / 127);
      }
    }
  });

  it("keeps the direction of the first 64 numbers in 4 bits: cosine ≥ 0.98", () => {
    const rows = rowsOf(quantise(PLAN, weights, WIDTH, { dimension: 64, bits: 4, unrelated: [0] }));
    for (let row = 1; row < 6; row++) {
      const given = weights.slice(row * WIDTH, row * WIDTH + 64);
      expect(cosine(given, rows.slice(row * 64, (row + 1) * 64))).toBeGreaterThan(0.98);
    }
  });

  it("keeps a row of zeros", () => {
    const rows = rowsOf(quantise(PLAN, weights, WIDTH, { dimension: 256, bits: 8, unrelated: [0, 0, 0] }));
    expect(rows.subarray(0, WIDTH).every((value) => value === 0)).toBe(true);
  });
});
