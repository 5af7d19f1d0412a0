/** Source `session`: what the conversation around a memory says of it — its neighbours and its session as a whole. */

import type { PointPayload, SparseVector, VectorHit } from "@nexus/core";
import { type Evidence, sessionKey, type Source } from "./source.ts";

const REACH = 2;
/** BM25's k₁ once more, over a session's summed term weights: the tenth mention of a word adds little. */
const SATURATION = 1.2;

export const sessionSource: Source = {
  name: "session",
  timeoutMs: 10,
  async find({ scope, vectors, filter, sparse, limits }) {
    if (sparse.ids.length === 0 || !(await vectors.describe(scope)).supports.beside) return { evidence: [] };
    const hits = await vectors.search(scope, { by: { sparse }, filter, limit: limits.session, beside: REACH });
    return { evidence: neighbours(hits), sessions: sessionScores(hits, sparse) };
  },
};

/** Each memory next to a hit receives the hit's score, or half of it from two places away. */
function neighbours(hits: readonly VectorHit[]): Evidence[] {
  const received = new Map<string, { payload: PointPayload; beside: number }>();
  for (const { score, beside } of hits) {
    for (const { payload, offset } of beside ?? []) {
      const entry = received.get(payload.id) ?? { payload, beside: 0 };
      entry.beside += Math.abs(offset) === 1 ? score : score / 2;
      received.set(payload.id, entry);
    }
  }
  return [...received.values()];
}

/** BM25 of each session as if its turns were one text, from the terms that its hits matched. */
function sessionScores(hits: readonly VectorHit[], query: SparseVector): Map<string, number> {
  const sums = new Map<string, Float64Array>();
  for (const { payload, matched } of hits) {
    const key = sessionKey(payload);
    if (key === undefined || !matched) continue;
    const sum = sums.get(key) ?? new Float64Array(query.ids.length);
    matched.forEach((weight, i) => (sum[i] = (sum[i] ?? 0) + weight));
    sums.set(key, sum);
  }
  return new Map(
    [...sums].map(([key, sum]) => [
      key,
      sum.reduce(
        (score, weight, i) => score + ((query.weights[i] ?? 0) * weight * (SATURATION + 1)) / (weight + SATURATION),
        0,
      ),
    ]),
  );
}
