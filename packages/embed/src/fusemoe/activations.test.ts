import { expect, test } from "vitest";

import { erf, gelu, silu } from "./activations.ts";

/** Abramowitz and Stegun, table 7.1, and 1 − erfc of the larger ones. */
const KNOWN = [
  [0, 0],
  [0.1, 0.1124629160182849],
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [1.5, 0.9661051464753108],
  [2, 0.9953222650189527],
  [3, 0.9999779095030014],
  [4, 0.9999999845827421],
] as const;

test("erf agrees with tables to 1e-15, and is odd", () => {
  for (const [x, value] of KNOWN) {
    expect(Math.abs(erf(x) - value)).toBeLessThan(1e-15);
    expect(erf(-x)).toBe(-erf(x));
  }
});

test("erf is ±1 far out", () => {
  for (const x of [5.95, 6, 7, 40, 1e200, Infinity]) {
    expect(erf(x)).toBeCloseTo(1, 14);
    expect(erf(-x)).toBeCloseTo(-1, 14);
  }
});

test("GELU is z·Φ(z), not its tanh form, and SiLU is h·σ(h)", () => {
  expect(gelu(1)).toBeCloseTo(0.8413447460685429, 15);
  expect(gelu(-1)).toBeCloseTo(-0.15865525393145707, 15);
  expect(gelu(-30) + 0).toBe(0);
  expect(silu(1)).toBeCloseTo(0.7310585786300049, 15);
  expect(Math.abs(silu(-800))).toBe(0);
  // What training begins with: two opposite units pass a number through.
  expect(silu(1.7) - silu(-1.7)).toBeCloseTo(1.7, 15);
});
