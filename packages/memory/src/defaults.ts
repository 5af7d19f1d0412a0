/** Every knob of the memory service, its default and the reason for it. */

import type { Coefficients } from "./fusion/confidence.ts";
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
  /** Nearly the same words from the same speaker within this time are merged. */
  readonly mergeWindowMs: number;
  /** Longest life of an answer in this process, and in the tiers that processes share; 0 turns a tier off. */
  readonly l1TtlSeconds: number;
  readonly l2TtlSeconds: number;
  readonly l3TtlSeconds: number;
  /** How alike two wordings must be for the candidates of one to serve the other, 0…1; above 1 they never do. */
  readonly semanticMinScore: number;
  /** The same where a deep model has told of both. */
  readonly semanticDeepMinScore: number;
  /** A tenant's most frequent queries that each sweep asks again once their answers have ended. */
  readonly warmQueries: number;
  readonly sweepMs: number;
  readonly jobMaxAttempts: number;
  readonly jobLeaseMs: number;
  readonly inlineChunks: number;
  readonly chunkTokens: number;
  readonly chunkOverlapTokens: number;
  /** A text of at most this many tokens is one chunk. */
  readonly chunkWholeTokens: number;
  readonly fusion: FusionSettings;
  readonly engines: EngineSettings;
}

interface EngineSettings {
  /** Whether the engine brings candidates of its own. */
  readonly intelligence: boolean;
  readonly mining: boolean;
  /** Calibrated cosine from which two questions are of one kind. */
  readonly likeness: number;
}

export interface FusionSettings {
  /** Share of each factor in the score: each ≥ 0, sum 1. */
  readonly weights: Factors;
  /** Parts of the keyword factor, sum 1: the memory's own BM25, */
  readonly ownShare: number;
  /** that of its words together with those of the turns beside it, */
  readonly besideShare: number;
  /** that of its session, */
  readonly sessionShare: number;
  /** that of the turn before, if it asks something; */
  readonly answerShare: number;
  /** its speaker is named, */
  readonly speakerShare: number;
  /** it is no question itself, */
  readonly statementShare: number;
  /** it holds the kind of thing that is asked for (a time, a number, a name), and is of a date that the query names. */
  readonly kindShare: number;
  /** It is linked through an entity to what the query names. */
  readonly graphShare: number;
  /** Of the semantic factor, what the deep model says of it where there is one, and what such a query's semantic and keyword weights are. */
  readonly deep: { readonly share: number; readonly weights: Pick<Factors, "semantic" | "keyword"> };
  /** What each further source that found a memory by itself adds to its score. */
  readonly agreementStep: number;
  /** Of the first result, and of those after it. */
  readonly confidence: { readonly first: Coefficients; readonly others: Coefficients };
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
  // A week: what is said again later than that is news of its own ("I had that headache again").
  mergeWindowMs: 604_800_000,
  l1TtlSeconds: 3_600,
  l2TtlSeconds: 86_400,
  l3TtlSeconds: 604_800,
  // Hits that ask something else: 5 % of own near misses and paraphrases, 3 % on PAWS-X, 17 % on QQP (`npm run eval -- --only semantic-cache`).
  semanticMinScore: 0.4,
  // With E1: 3 % on PAWS-X, 9 % on QQP (`-- --only semantic-cache-e1`).
  semanticDeepMinScore: 0.275,
  // Off: here a search takes milliseconds, and each write would have up to 100 of them done again.
  warmQueries: 0,
  sweepMs: 60_000,
  jobMaxAttempts: 5,
  jobLeaseMs: 30_000,
  inlineChunks: 32,
  chunkTokens: 400,
  chunkOverlapTokens: 20,
  // A quarter above the limit: a short tail says less as a chunk of its own than it costs (SciFact NDCG@10 .687 → .692, a fifth fewer chunks).
  chunkWholeTokens: 500,
  engines: {
    intelligence: true,
    mining: true,
    // On the even half of test/eval/engines/data/cross-domain.txt NDCG@10 is the same from .2 to .35 and falls beyond, while memories brought in error fall from 1.8 a question to .14.
    likeness: 0.35,
  },
  fusion: {
    // Fitted for E0 by `npm run eval -- fit` on the "fit" half of test/eval/conversations.
    // Semantic, keyword and the shares by it; the other four weights are set: no labelled question tells what they are worth.
    weights: { semantic: 0.14, keyword: 0.66, recency: 0.03, quality: 0.1, domain: 0.02, preference: 0.05 },
    ownShare: 0.15,
    besideShare: 0.23,
    sessionShare: 0.09,
    answerShare: 0.16,
    speakerShare: 0.13,
    statementShare: 0.1,
    kindShare: 0.14,
    graphShare: 0,
    // Fitted with E1 as the deep model, as the weights above.
    deep: { share: 1, weights: { semantic: 0.28, keyword: 0.52 } },
    // details.md has .03, which hashed words did not earn, sharing letters with what words find already; measured then.
    // NDCG@10 at .03 and .01: SciFact .690 and .692, LoCoMo dev .654 both, own/show .388 both.
    agreementStep: 0.01,
    confidence: { first: [-4.1, 3.1, 1.6, 10.5], others: [-3.8, 0.7, 0.8, 16.3] },
    // No floor has 85 % right above it on questions so paraphrased (40 % of own/fit above this one). Below it, about half of
    // them, the next path is worth its time: own/show recall@10 .558 on the first, .577 on the second.
    minConfidence: 0.2,
  },
};
