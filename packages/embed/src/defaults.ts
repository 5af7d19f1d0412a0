/** Every knob of the embedding service, its default and the reason for it. */

import type { EvictionName, Modality } from "@nexus/core";
import type { RetryPolicy } from "@nexus/platform";
import type { BatchSettings } from "./batching/batcher.ts";

export interface EmbeddingSettings {
  readonly batch: BatchSettings;
  /** Inputs of one request that wait or run at a time, so that a large request leaves room in the queue. */
  readonly requestWindow: number;
  readonly retry: RetryPolicy;
  readonly breaker: { readonly failures: number; readonly openMs: number; readonly trials: number };
  /** How long the list of models that are here may be reused. */
  readonly presenceMs: number;
  /** Models for a request that names none, by what they can read; the first that is here is taken, one in memory before one that is not. */
  readonly preferred: Readonly<Record<Modality, readonly string[]>>;
  /** Beginnings of a model's vectors that stand alone once renormalised, because it was trained so. */
  readonly prefixes: Readonly<Record<string, readonly number[]>>;
}

export const EMBEDDING_DEFAULTS: EmbeddingSettings = {
  batch: {
    minBatch: 1,
    maxBatch: 32,
    // Eight texts of a chunk's length stay near the target on one core with E1, and two batches later it is known.
    startBatch: 8,
    waitMs: 2,
    targetMs: 20,
    // About three seconds of E1 on one core: who would wait longer had better come again.
    maxQueue: 1_024,
    padding: "dynamic",
    // 32 × 256: a padded batch of 32 with one of 512 tokens took a runtime to 1.2 GB (the shared model's README).
    maxBatchTokens: 8_192,
    // A CPU gains nothing by running batches beside each other; a GPU wants two.
    overlap: 1,
    // A 14 GB model on a CPU needs seconds a text; what takes longer than this has hung.
    runTimeoutMs: 30_000,
    // Cached and stored vectors outlive their batch: they must not depend on it (int8 models round by the whole batch).
    stable: true,
  },
  // One batch that runs and one that waits.
  requestWindow: 64,
  retry: { maxRetries: 2, baseMs: 50, maxMs: 2_000 },
  breaker: { failures: 5, openMs: 30_000, trials: 3 },
  // A dozen look-ups in the file system, and models come and go by hand.
  presenceMs: 5_000,
  preferred: {
    // By what each is known for on English retrieval; E12 and E7 only where nothing smaller is here, for their time on a CPU.
    text: ["e2", "e11", "e8", "e1", "e3", "e7", "e12", "e0"],
    code: ["e2", "e11", "e1", "e6", "e12", "e0"],
    image: ["e4"],
    audio: ["e5"],
  },
  prefixes: { e0: [64, 128, 256] },
};

export interface EmbeddingCacheSettings {
  readonly policy: EvictionName;
  readonly maxEntries: number;
  readonly maxBytes: number;
  /** 0: for ever. */
  readonly ttlSeconds: number;
  /** Of the files, where the cache is kept on disk. */
  readonly diskBytes: number;
}

export const EMBEDDING_CACHE_DEFAULTS: EmbeddingCacheSettings = {
  // Zipf traces, skew .7–1.1, room for 1–20 % of the keys, a quarter scans: ARC hits 1.04–1.9 × as often as LRU, as LFU
  // without drift and up to twice as often with it, at up to twice LRU's time, which is microseconds (bench embedding-cache).
  policy: "arc",
  maxEntries: 100_000,
  maxBytes: 2 ** 30,
  // A vector is its text's for as long as its model's revision stays, which is in the key.
  ttlSeconds: 0,
  diskBytes: 2 ** 29,
};
