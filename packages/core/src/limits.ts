/** Hard limits of the product, with units in their names. The README and the OpenAPI document quote them from here. */

export const LIMITS = {
  maxBodyBytes: 4_194_304,
  maxTextBytes: 1_048_576,
  /** Memories in one request. */
  maxBatch: 1_000,
  /** Memories in one transaction; larger batches commit in sub-batches of this size. */
  maxAtomicBatch: 100,
  maxUsersPerWrite: 16,
  maxK: 200,
  minContextTokens: 50,
  maxContextTokens: 32_000,
  maxListLimit: 200,
  maxMetadataBytes: 16_384,
  maxMetadataDepth: 4,
  maxFilterClauses: 32,
  maxFilterDepth: 4,
  maxQueryBytes: 8_192,
  maxIdLength: 256,
  maxFutureMs: 300_000,
  maxBudgetMs: 60_000,
  /** Chunks indexed before the answer; a job does the rest. */
  inlineChunks: 32,
  /** Texts, images and sounds in one request for embeddings. */
  maxEmbedInputs: 256,
  /** 4,096 × 4,096: 64 MiB once decoded, however few bytes the file has. */
  maxImagePixels: 16_777_216,
  /** A low rate makes seconds cheap in bytes, and models read tens of thousands of samples a second. */
  maxAudioSeconds: 60,
} as const;
