/** Hard limits of the product, with units in their names. The README and the OpenAPI document quote them from here. */

export const LIMITS = {
  maxBodyBytes: 4 * 1024 * 1024,
  maxTextBytes: 1024 * 1024,
  /** Memories in one request. */
  maxBatch: 1_000,
  /** Memories in one transaction; larger batches commit in sub-batches of this size. */
  maxAtomicBatch: 100,
  maxUsersPerWrite: 16,
  maxK: 200,
  maxListLimit: 200,
  maxMetadataBytes: 16 * 1024,
  maxMetadataDepth: 4,
  maxFilterClauses: 32,
  maxFilterDepth: 4,
  maxQueryBytes: 8 * 1024,
  maxIdLength: 256,
  maxFutureMs: 5 * 60_000,
  maxBudgetMs: 60_000,
  /** Chunks indexed before the answer; a job does the rest. */
  inlineChunks: 32,
} as const;
