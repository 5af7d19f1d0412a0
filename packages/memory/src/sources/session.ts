/** Source `session`: what the conversation around a memory says of it — the turns beside it and its session as a whole. */

import type { PointPayload, SparseVector, VectorHit } from "@nexus/core";
import { questionsAmong } from "./cues.ts";
import { type Evidence, sessionKey, type Source } from "./source.ts";
import { wordedHits } from "./worded.ts";

/** What a term counts for a turn one place away. .5 and .85 are no better. */
const DECAY = 0.7;
/** BM25's k₁ once more, over a session's summed term weights: the tenth mention of a word adds little. */
const SATURATION = 1.2;

export const sessionSource: Source = {
  name: "session",
  timeoutMs: 10,
  async find(context) {
    const { scope, vectors, filter, sparse, limits } = context;
    const hits = (await wordedHits(context)).slice(0, limits.session);
    if (hits.length === 0 || !(await vectors.describe(scope)).supports.beside) return { evidence: [] };
    const ids = [...new Set(hits.map(({ memoryId }) => memoryId))];
    const places = placesOf(hits, sparse, await questionsAmong({ scope, vectors, filter }, ids));
    return {
      evidence: places.filter(({ isBeside }) => isBeside).slice(0, limits.beside),
      sessions: sessionScores(hits, sparse),
      beside: new Map(places.map(({ payload, score }) => [payload.id, score])),
    };
  },
};

/** A memory in its conversation. */
interface Place extends Evidence {
  /** BM25 of it and the turns around it as one text: each term as in the turn where it counts most, the less the further away. */
  readonly score: number;
  readonly isBeside: boolean;
}

/** The hits and the memories beside them, best first. */
function placesOf(hits: readonly VectorHit[], { weights }: SparseVector, questions: ReadonlySet<string>): Place[] {
  const places = new Map<string, { payload: PointPayload; best: Float64Array; answers: number; isBeside: boolean }>();
  const raise = (payload: PointPayload, matched: Float32Array, factor: number) => {
    let place = places.get(payload.id);
    if (!place) {
      place = { payload, best: new Float64Array(weights.length), answers: 0, isBeside: false };
      places.set(payload.id, place);
    }
    for (let i = 0; i < weights.length; i++) place.best[i] = Math.max(place.best[i] ?? 0, factor * (matched[i] ?? 0));
    return place;
  };
  for (const { payload, score, matched, beside } of hits) {
    if (!matched) continue;
    const asks = questions.has(payload.id);
    raise(payload, matched, 1);
    for (const { payload: other, offset } of beside ?? []) {
      const place = raise(other, matched, DECAY ** Math.abs(offset));
      place.isBeside = true;
      if (asks && offset === 1) place.answers = Math.max(place.answers, score);
    }
  }
  return [...places.values()]
    .map(({ best, ...place }) => ({
      ...place,
      score: best.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0),
    }))
    .sort((a, b) => b.score - a.score);
}

/** BM25 of each session as if its turns were one text, from the terms that its hits matched. */
function sessionScores(hits: readonly VectorHit[], { weights }: SparseVector): Map<string, number> {
  const sums = new Map<string, Float64Array>();
  for (const { payload, matched } of hits) {
    const key = sessionKey(payload);
    if (key === undefined || !matched) continue;
    const sum = sums.get(key) ?? new Float64Array(weights.length);
    matched.forEach((weight, i) => (sum[i] = (sum[i] ?? 0) + weight));
    sums.set(key, sum);
  }
  return new Map(
    [...sums].map(([key, sum]) => [
      key,
      sum.reduce(
        (score, weight, i) => score + ((weights[i] ?? 0) * weight * (SATURATION + 1)) / (weight + SATURATION),
        0,
      ),
    ]),
  );
}
