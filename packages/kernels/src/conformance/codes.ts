/** 8-bit codes and signs: integers, the same from every build. */

import * as fc from "fast-check";
import { bitsWidth, codesWidth, type Kernels } from "../kernels.ts";
import { scalarCodesDot, scalarHamming, scalarPackSigns, scalarQuantise } from "../scalar-codes.ts";
import {
  bytes,
  expectCode,
  expectSame,
  expectThat,
  floats,
  forAll,
  type Properties,
  special,
  noise,
  WIDTHS,
} from "./cases.ts";

const finite = fc.float({ noNaN: true, noDefaultInfinity: true });
const small = fc.float({ noNaN: true, min: -(2 ** -115), max: 2 ** -115 });

export const CODES: Properties = {
  "codes and scales are the oracle's, d = 1…170 and the usual widths, with padding of 64": (kernels, runs) => {
    for (const number of [finite, small, fc.float({ noNaN: true, min: -1, max: 1 })]) {
      const vectors = fc.integer({ min: 1, max: 170 }).chain((d) => fc.tuple(floats(number, d), fc.nat(2)));
      forAll(vectors, runs, ([vector, spare]) =>
        checkQuantised(kernels, vector, codesWidth(vector.length) + 16 * spare),
      );
    }
    for (const d of WIDTHS) checkQuantised(kernels, noise(d, d), d);
  },

  "(code − 64) · scale is within half a scale of the number, and a bit for rounding": (kernels, runs) => {
    forAll(
      fc.integer({ min: 1, max: 170 }).chain((d) => floats(finite, d)),
      runs,
      (vector) => {
        const codes = new Uint8Array(codesWidth(vector.length));
        const scale = kernels.quantise(vector, codes);
        if (scale === 0) return;
        for (const [i, x] of vector.entries()) {
          const step = (x - (codes[i]! - 64) * scale) / scale;
          expectThat(Math.abs(step) <= 0.5 * (1 + 2 ** -17), `${x} is ${step} steps off`);
        }
      },
    );
  },

  "a vector of zeros has scale 0 and codes of 64": (kernels) => {
    const codes = new Uint8Array(48);
    expectThat(kernels.quantise(new Float32Array(37), codes) === 0, "scale");
    expectSame(codes, new Uint8Array(48).fill(64), "code");
  },

  "dots of codes are exact, of the extremes too, widths of 16…208, 0…9 rows": (kernels, runs) => {
    const shapes = fc.tuple(fc.integer({ min: 1, max: 13 }), fc.nat(9));
    const pairs = shapes.chain(([blocks, count]) => fc.tuple(bytes(16 * blocks, 127), bytes(16 * blocks * count, 127)));
    forAll(pairs, Math.ceil(runs / 2), ([query, rows]) => checkCodesDots(kernels, query, rows));
    for (const width of [...WIDTHS, 8_192]) {
      for (const [a, b] of [
        [127, 127],
        [0, 127],
        [127, 0],
        [1, 1],
      ] as const) {
        checkCodesDots(kernels, new Uint8Array(width).fill(a), new Uint8Array(9 * width).fill(b));
      }
    }
  },

  "signs are the oracle's: NaN, 0 and −0 count as 0": (kernels, runs) => {
    const vectors = fc.integer({ min: 1, max: 300 }).chain((d) => fc.tuple(floats(special, d), fc.nat(2)));
    forAll(vectors, runs, ([vector, spare]) => {
      const width = bitsWidth(vector.length) + 16 * spare;
      const [bits, exact] = [new Uint8Array(width).fill(255), new Uint8Array(width)];
      kernels.packSigns(vector, bits);
      scalarPackSigns(vector, exact);
      expectSame(bits, exact, `d = ${vector.length}`);
    });
  },

  "Hamming distances are exact at every width of 16…208 and 1,024 bytes, 0…9 rows": (kernels, runs) => {
    for (let width = 16; width <= 208; width += 16) {
      const pairs = fc.nat(9).chain((count) => fc.tuple(bytes(width, 255), bytes(width * count, 255)));
      forAll(pairs, Math.ceil(runs / 20), ([query, rows]) => checkHamming(kernels, query, rows));
      checkHamming(kernels, new Uint8Array(width), new Uint8Array(3 * width).fill(255));
    }
    checkHamming(kernels, new Uint8Array(1_024), new Uint8Array(5_120).fill(255));
  },

  "rows of bytes that are too short or no multiple of 16 are vector.dimension_mismatch": (kernels) => {
    const vector = new Float32Array(129);
    for (const width of [0, 16, 129, 136]) {
      expectCode("vector.dimension_mismatch", () => kernels.quantise(vector, new Uint8Array(width)));
    }
    for (const width of [0, 16, 31]) {
      expectCode("vector.dimension_mismatch", () => kernels.packSigns(vector, new Uint8Array(width)));
    }
    for (const [width, length] of [
      [0, 0],
      [15, 15],
      [16, 31],
    ] as const) {
      const [query, rows] = [new Uint8Array(width), new Uint8Array(length)];
      expectCode("vector.dimension_mismatch", () => kernels.hammingMany(query, rows, new Float32Array(2)));
      expectCode("vector.dimension_mismatch", () => kernels.dotCodesMany(query, rows, new Int32Array(2)));
    }
  },
};

function checkQuantised(kernels: Kernels, vector: Float32Array, width: number): void {
  const [codes, exact] = [new Uint8Array(width), new Uint8Array(width)];
  const scale = kernels.quantise(vector, codes);
  expectSame([scale], [scalarQuantise(vector, exact)], "scale");
  expectSame(codes, exact, `d = ${vector.length}, width ${width}`);
}

function checkCodesDots(kernels: Kernels, query: Uint8Array, rows: Uint8Array): void {
  const dots = new Int32Array(rows.length / query.length);
  kernels.dotCodesMany(query, rows, dots);
  const exact = dots.map((_, row) => scalarCodesDot(query, rows, row * query.length));
  expectSame(dots, exact, `width ${query.length}`);
}

function checkHamming(kernels: Kernels, query: Uint8Array, rows: Uint8Array): void {
  const distances = new Float32Array(rows.length / query.length);
  kernels.hammingMany(query, rows, distances);
  const exact = distances.map((_, row) => scalarHamming(query, rows, row * query.length));
  expectSame(distances, exact, `width ${query.length}`);
}
