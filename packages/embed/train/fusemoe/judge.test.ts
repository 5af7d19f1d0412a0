import { loadMatrices } from "@nexus/kernels";
import { expect, test } from "vitest";

import { judge, type Judgement } from "./judge.ts";

test("reciprocal rank is of the first answer, recall@10 of all of them", () => {
  // Scores of the candidates fall with their place, but for the query's own direction.
  const dimension = 2;
  const rows = Array.from({ length: 21 }, (_, i) => [Math.cos(i / 20), Math.sin(i / 20)]);
  const vectors = Float32Array.from([1, 0, ...rows.flat()]);
  const candidates = Int32Array.from({ length: 21 }, (_, i) => i + 1);
  const query = Int32Array.of(0);
  const seen = (answers: number[]): Judgement =>
    judge(loadMatrices(), { dimension, vectors }, [{ queries: query, candidates, answers: [answers] }]);
  expect(seen([0])).toEqual({ mrr: 1, recallAt10: 1, ndcgAt10: 1 });
  expect(seen([9])).toEqual({ mrr: 0.1, recallAt10: 1, ndcgAt10: 1 / Math.log2(11) });
  expect(seen([10])).toEqual({ mrr: 1 / 11, recallAt10: 0, ndcgAt10: 0 });
  expect(seen([3, 4, 15, 20])).toMatchObject({ mrr: 0.25, recallAt10: 0.5 });
});

test("of equal scores the earlier candidate goes first, so that a space without any direction finds nothing by luck", () => {
  const space = { dimension: 2, vectors: new Float32Array(2 * 40) };
  const candidates = Int32Array.from({ length: 39 }, (_, i) => i + 1);
  const task = { queries: Int32Array.of(0), candidates, answers: [[38]] };
  expect(judge(loadMatrices(), space, [task])).toEqual({ mrr: 1 / 39, recallAt10: 0, ndcgAt10: 0 });
});

test("several tasks count by their queries", () => {
  const vectors = Float32Array.of(1, 0, 0, 1);
  const candidates = Int32Array.of(0, 1);
  const right = { queries: Int32Array.of(0), candidates, answers: [[0]] };
  const wrong = { queries: Int32Array.of(0, 0, 0), candidates, answers: [[1], [1], [1]] };
  expect(judge(loadMatrices(), { dimension: 2, vectors }, [right, wrong]).mrr).toBe((1 + 3 * 0.5) / 4);
});
