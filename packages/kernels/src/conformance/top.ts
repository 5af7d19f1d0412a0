/** The k best rows: those that sorting all scores would give. */

import * as fc from "fast-check";
import { larger, type RowFormat, type RowMetric, type Rows } from "../rows.ts";
import { expectSame, expectThat, floats, forAll, type Properties, noise } from "./cases.ts";

const KINDS: readonly (readonly [RowFormat, RowMetric])[] = [
  ["f32", "dot"],
  ["f32", "squaredL2"],
  ["u7", "dot"],
  ["bit", "hamming"],
];

export const TOP: Properties = {
  "the top k are those that sorting gives, equal scores by the lower row": (kernels, runs) => {
    // Few different numbers: many equal scores.
    const few = fc.constantFrom(0, -0, 1, -1, 2);
    const cases = fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.nat(60))
      .chain(([d, count]) => fc.tuple(floats(few, d), floats(few, d * count), fc.nat(70)));
    for (const [format, metric] of KINDS) {
      forAll(cases, Math.ceil(runs / 4), ([query, numbers, k]) => {
        const d = query.length;
        const rows = kernels.createRows({ dimension: d, format, metric });
        for (let i = 0; i < numbers.length; i += d) rows.append(numbers.subarray(i, i + d));
        checkTop(rows, query, k);
        rows.release();
      });
    }
  },

  "the same over several blocks, k = 0…5,000 of 5,000 rows, in rising, falling and mixed order": (kernels) => {
    const orders = [(i: number) => i, (i: number) => -i, (i: number) => (i * 2_654_435_761) % 4_096];
    for (const [format, metric] of KINDS.slice(0, 2)) {
      for (const order of orders) {
        const rows = kernels.createRows({ dimension: 40, format, metric });
        const vector = new Float32Array(40);
        for (let i = 0; i < 5_000; i++) {
          vector[0] = order(i);
          rows.append(vector);
        }
        const query = new Float32Array(40);
        query[0] = 1;
        for (const k of [0, 1, 2, 3, 10, 100, 4_999, 5_000]) checkTop(rows, query, k);
        rows.release();
      }
    }
  },

  "scores that are NaN are never found, infinities are": (kernels) => {
    for (const metric of ["dot", "squaredL2"] as const) {
      const rows = kernels.createRows({ dimension: 1, format: "f32", metric });
      for (const x of [Number.NaN, 1, Infinity, Number.NaN, -Infinity, 2, Number.NaN]) rows.append(Float32Array.of(x));
      for (const k of [1, 2, 4, 7]) checkTop(rows, Float32Array.of(1), k);
      rows.release();
    }
  },

  "released rows leave their bytes to others, and an emptied set begins anew": (kernels) => {
    if (kernels.build === "scalar") return;
    const round = (): number => {
      const rows = kernels.createRows({ dimension: 384, format: "f32", metric: "dot" });
      for (let i = 0; i < 300; i++) rows.append(noise(384, i));
      checkTop(rows, noise(384, 7), 5);
      rows.release();
      expectThat(rows.count === 0, `${rows.count} rows`);
      rows.append(noise(384, 1));
      checkTop(rows, noise(384, 1), 1);
      rows.release();
      return kernels.memory().reservedBytes;
    };
    const used = (round(), kernels.memory().usedBytes);
    const reserved = Array.from({ length: 5 }, round);
    expectSame(
      reserved,
      reserved.map(() => reserved[0]!),
      "reserved",
    );
    expectThat(kernels.memory().usedBytes === used, "used");
  },
};

function checkTop(rows: Rows, query: Float32Array, k: number): void {
  const scores = new Float32Array(rows.count);
  rows.score(query, scores);
  const sign = larger(rows.metric) ? -1 : 1;
  const exact = Array.from(scores.keys())
    .filter((row) => !Number.isNaN(scores[row]))
    .sort((a, b) => (scores[a] === scores[b] ? a - b : sign * (scores[a]! < scores[b]! ? -1 : 1)))
    .slice(0, k);
  const [found, foundScores] = [new Uint32Array(k), new Float32Array(k)];
  const size = rows.top(query, k, found, foundScores);
  expectSame(found.subarray(0, size), exact, `top ${k} of ${rows.count}`);
  expectSame(
    foundScores.subarray(0, size),
    exact.map((row) => scores[row]!),
    `scores of the top ${k}`,
  );
}
