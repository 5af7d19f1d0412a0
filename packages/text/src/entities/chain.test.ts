import * as fc from "fast-check";
import { expect, it } from "vitest";

import { decode, follows, LABELS, movesOf } from "./chain.ts";

const weight = fc.double({ min: -8, max: 8, noNaN: true });
const chains = fc
  .integer({ min: 1, max: 4 })
  .chain((tokens) =>
    fc.tuple(
      fc.array(weight, { minLength: tokens * LABELS, maxLength: tokens * LABELS }),
      fc.array(weight, { minLength: LABELS * LABELS, maxLength: LABELS * LABELS }),
    ),
  );

/** Every path of labels that is allowed, with its log weight. */
function pathsOf(scores: readonly number[], moves: readonly number[]): { labels: number[]; log: number }[] {
  let paths: { labels: number[]; log: number }[] = [{ labels: [], log: 0 }];
  for (let i = 0; i < scores.length / LABELS; i++) {
    paths = paths.flatMap(({ labels, log }) =>
      Array.from({ length: LABELS }, (_, label) => label)
        .filter((label) => follows(label, labels.at(-1) ?? 0))
        .map((label) => ({
          labels: [...labels, label],
          log: log + (scores[i * LABELS + label] ?? 0) + (moves[(labels.at(-1) ?? 0) * LABELS + label] ?? 0),
        })),
    );
  }
  return paths;
}

/** Start, end and type of each mention that a path has. */
function mentionsOf(labels: readonly number[]): string[] {
  return labels.flatMap((label, start) => {
    if (label % 2 === 0) return [];
    let end = start + 1;
    while (labels[end] === label + 1) end++;
    return [`${start}-${end} ${(label - 1) >> 1}`];
  });
}

it("finds the mentions of the likeliest of all paths, each as probable as the paths that have it", () => {
  fc.assert(
    fc.property(chains, ([scores, moves]) => {
      const paths = pathsOf(scores, moves);
      const best = paths.reduce((a, b) => (b.log > a.log ? b : a));
      // Of two equally likely paths either will do.
      fc.pre(paths.every((path) => path === best || path.log < best.log - 1e-9));
      const found = decode(Float64Array.from(scores), movesOf(moves));
      expect(found.map(({ start, end, type }) => `${start}-${end} ${type}`)).toEqual(mentionsOf(best.labels));
      const share = (some: typeof paths): number => some.reduce((sum, { log }) => sum + Math.exp(log - best.log), 0);
      for (const { start, end, type, probability } of found) {
        const having = paths.filter(({ labels }) => mentionsOf(labels).includes(`${start}-${end} ${type}`));
        expect(probability).toBeCloseTo(share(having) / share(paths), 9);
      }
    }),
    { numRuns: 60 },
  );
});

it("stays a probability in texts of 5,000 tokens whose weights are large", () => {
  const scores = Float64Array.from({ length: 5_000 * LABELS }, (_, i) => ((i * 7) % 23) * 10 - 110);
  const found = decode(scores, movesOf(Array.from({ length: LABELS * LABELS }, (_, i) => (i % 5) - 2)));
  expect(found.length).toBeGreaterThan(100);
  for (const { probability } of found) {
    expect(probability).toBeGreaterThan(0);
    expect(probability).toBeLessThanOrEqual(1 + 1e-9);
  }
});
