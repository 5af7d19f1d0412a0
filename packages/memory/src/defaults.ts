/** Every knob of the memory service, its default and the reason for it. */

import type { Factors } from "./requests.ts";

export interface Settings {
  /** Results of `process` and `search` when the caller names no k. */
  readonly processK: number;
  readonly searchK: number;
  readonly budgetMs: number;
  readonly searchDeadlineMs: number;
  readonly maxStalenessMs: number;
  readonly idempotencyTtlSeconds: number;
  /** The same words from the same speaker within this time are one memory. */
  readonly duplicateWindowMs: number;
  readonly l1TtlSeconds: number;
  readonly sweepMs: number;
  readonly jobMaxAttempts: number;
  readonly jobLeaseMs: number;
  readonly inlineChunks: number;
  readonly chunkTokens: number;
  readonly chunkOverlapTokens: number;
  /** A text of at most this many tokens is one chunk. */
  readonly chunkWholeTokens: number;
  readonly fusion: FusionSettings;
}

export interface FusionSettings {
  /** Share of each factor in the score: each ≥ 0, sum 1. */
  readonly weights: Factors;
  /** Parts of the keyword factor beside the memory's own BM25. */
  readonly sessionShare: number;
  readonly besideShare: number;
  readonly speakerShare: number;
  /** What each further source that found a memory by itself adds to its score. */
  readonly agreementStep: number;
  /** Logistic coefficients of confidence: bias, score, lead over the next result, share of the query covered, cosine. */
  readonly confidence: readonly [number, number, number, number, number];
  /** Below it a response escalates one step. */
  readonly minConfidence: number;
}

export const DEFAULTS: Settings = {
  processK: 8,
  searchK: 10,
  budgetMs: 250,
  searchDeadlineMs: 25,
  maxStalenessMs: 1_000,
  idempotencyTtlSeconds: 86_400,
  // A retry, a double click or an import run twice on one day; the same words a day later are a new event.
  duplicateWindowMs: 86_400_000,
  l1TtlSeconds: 3_600,
  sweepMs: 60_000,
  jobMaxAttempts: 5,
  jobLeaseMs: 30_000,
  inlineChunks: 32,
  chunkTokens: 400,
  chunkOverlapTokens: 20,
  // A quarter above the limit: a short tail says less as a chunk of its own than it costs (SciFact NDCG@10 .687 → .692, a fifth fewer chunks).
  chunkWholeTokens: 500,
  fusion: {
    // Fitted for the hashing embedder by `npm run eval -- fit` on the "fit" half of test/eval/conversations.
    weights: { semantic: 0.05, keyword: 0.9, recency: 0.05, quality: 0, domain: 0, preference: 0 },
    sessionShare: 0.1,
    besideShare: 0.6,
    speakerShare: 0.4,
    agreementStep: 0.03,
    confidence: [-3.6, 0, 7.1, 2.8, 2.6],
    // No floor reaches 85 % right on paraphrased questions (the best have a third); above this one, going further finds nothing more.
    minConfidence: 0.12,
  },
};
