/** How well vectors find what belongs together: what a fusion is chosen by. */

import type { Matrices } from "@nexus/kernels";

/** Vectors of one kind, [texts · dimension] of unit length. */
export interface Space {
  readonly dimension: number;
  readonly vectors: Float32Array;
}

export interface Task {
  readonly queries: Int32Array;
  readonly candidates: Int32Array;
  /** Places in `candidates` that answer query i. */
  readonly answers: readonly (readonly number[])[];
}

export interface Judgement {
  /** Mean reciprocal rank of the first answer, at any rank. */
  readonly mrr: number;
  /** Answers among the first ten, over all answers; mean of the queries. */
  readonly recallAt10: number;
  /** Mean NDCG of the first ten, with binary gains. */
  readonly ndcgAt10: number;
}

/** Means over all queries of all tasks. */
export function judge(matrices: Matrices, space: Space, tasks: readonly Task[]): Judgement {
  let [mrr, recall, ndcg, count] = [0, 0, 0, 0];
  for (const task of tasks) {
    const scores = scoresOf(matrices, space, task);
    const width = task.candidates.length;
    for (const [q, answers] of task.answers.entries()) {
      const row = scores.subarray(q * width, (q + 1) * width);
      const ranks = answers.map((answer) => rankOf(row, answer, answers));
      mrr += 1 / (1 + Math.min(...ranks));
      const found = answers.map((answer) => rankOf(row, answer, [])).filter((rank) => rank < 10);
      recall += found.length / answers.length;
      ndcg += gainOf(found) / gainOf([...answers.keys()].slice(0, 10));
      count++;
    }
  }
  return { mrr: mrr / count, recallAt10: recall / count, ndcgAt10: ndcg / count };
}

function gainOf(ranks: readonly number[]): number {
  return ranks.reduce((sum, rank) => sum + 1 / Math.log2(rank + 2), 0);
}

/** Candidates before this one, not counting the excused; of equals the earlier goes first. */
function rankOf(scores: Float32Array, place: number, excused: readonly number[]): number {
  const own = scores[place]!;
  let rank = 0;
  for (let i = 0; i < scores.length; i++) if (scores[i]! > own || (scores[i] === own && i < place)) rank++;
  for (const other of excused) if (scores[other]! > own || (scores[other] === own && other < place)) rank--;
  return rank;
}

function scoresOf(matrices: Matrices, { dimension, vectors }: Space, { queries, candidates }: Task): Float32Array {
  const made = [queries, candidates].map((texts) => {
    const matrix = matrices.create(texts.length, dimension);
    for (const [row, text] of texts.entries()) {
      matrix.values().set(vectors.subarray(text * dimension, (text + 1) * dimension), row * dimension);
    }
    return matrix;
  });
  const out = matrices.create(queries.length, candidates.length);
  matrices.multiply("abt", made[0]!, made[1]!, out);
  const scores = out.values().slice();
  for (const matrix of [...made, out]) matrix.release();
  return scores;
}
