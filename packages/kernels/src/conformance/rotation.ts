/** The fixed rotation: the same bits everywhere, orthogonal, and evenly spread. */

import * as fc from "fast-check";
import type { Kernels } from "../kernels.ts";
import { scalarRotate } from "../scalar-rotate.ts";
import { scalarDot } from "../scalar-vectors.ts";
import {
  expectClose,
  expectSame,
  expectThat,
  floats,
  forAll,
  ordinary,
  type Properties,
  noise,
  WIDTHS,
} from "./cases.ts";

export const ROTATION: Properties = {
  "a rotated vector has the oracle's bits, d = 1…170 and the usual widths": (kernels, runs) => {
    forAll(
      fc.integer({ min: 1, max: 170 }).chain((d) => floats(ordinary, d)),
      runs,
      (vector) => {
        const exact = Float32Array.from(vector);
        scalarRotate(exact);
        expectSame(rotated(kernels, vector), exact, `d = ${vector.length}`);
      },
    );
    for (const d of [...WIDTHS, 300, 500, 1_000]) {
      const exact = noise(d, d);
      scalarRotate(exact);
      expectSame(rotated(kernels, noise(d, d)), exact, `d = ${d}`);
    }
  },

  "dots and norms stay within 2⁻²⁰ of the norms' product": (kernels, runs) => {
    const pairs = fc.integer({ min: 1, max: 170 }).chain((d) => fc.tuple(floats(ordinary, d), floats(ordinary, d)));
    forAll(pairs, runs, ([a, b]) => checkOrthogonal(kernels, a, b));
    for (const d of WIDTHS) checkOrthogonal(kernels, noise(d, 1), noise(d, 2));
  },

  "vectors of a single number come out spread like Gaussian ones: kurtosis < 3.3 on average": (kernels) => {
    for (const d of [100, 128, 255, 300, 384, 500, 768, 1_000, 1_536]) {
      let sum = 0;
      let count = 0;
      for (let i = 0; i < d; i += Math.ceil(d / 64)) {
        const vector = new Float32Array(d);
        vector[i] = 1;
        for (const x of rotated(kernels, vector)) sum += x ** 4 * d;
        count++;
      }
      expectThat(sum / count < 3.3, `d = ${d}: ${sum / count}`);
    }
  },

  "what fills one eighth of a vector alone comes out in all quarters: 0.75…1.25 of an even share": (kernels) => {
    for (const d of [100, 128, 255, 300, 384, 500, 768, 1_000, 1_536]) {
      for (const from of [0, 0.25, 0.5, 0.875]) {
        const shares = [0, 0, 0, 0];
        for (let seed = 0; seed < 64; seed++) {
          const vector = new Float32Array(d);
          vector.set(noise(Math.floor(d / 8), seed), Math.floor(from * d));
          const energy = scalarDot(vector, vector);
          for (const [i, x] of rotated(kernels, vector).entries()) {
            shares[Math.floor((4 * i) / d)]! += (4 * x * x) / energy / 64;
          }
        }
        expectThat(
          shares.every((share) => share > 0.75 && share < 1.25),
          `d = ${d}, from ${from}: ${shares.join(", ")}`,
        );
      }
    }
  },
};

function rotated(kernels: Kernels, vector: Float32Array): Float32Array {
  const result = Float32Array.from(vector);
  kernels.rotate(result);
  return result;
}

function checkOrthogonal(kernels: Kernels, a: Float32Array, b: Float32Array): void {
  const [normA, normB] = [Math.sqrt(scalarDot(a, a)), Math.sqrt(scalarDot(b, b))];
  const [turnedA, turnedB] = [rotated(kernels, a), rotated(kernels, b)];
  // Denormal numbers are rounded by a fixed step.
  const dots = 2 ** -20 * normA * normB + 2 ** -130 * (normA + normB + 1);
  expectClose(scalarDot(turnedA, turnedB), scalarDot(a, b), dots, `d = ${a.length}, dot`);
  const norm = Math.sqrt(scalarDot(turnedA, turnedA));
  expectClose(norm, normA, 2 ** -20 * normA + 2 ** -130, `d = ${a.length}, norm`);
}
