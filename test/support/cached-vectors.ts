/** Vectors for the embedding cache's crash test: what number n stands for, in every process. */

import { embeddingKey } from "@nexus/embed";
import { seeded } from "./random.ts";

const DIMENSION = 96;

export function cacheKey(n: number): Promise<string> {
  const space = { tenant: `tenant ${n % 3}`, model: "e1", revision: "1", precision: "q8" };
  return embeddingKey({ modality: "text", content: `text ${n}` }, space);
}

export function cachedVector(n: number): { vector: Float32Array; tokens: number; truncated: boolean } {
  const random = seeded(n);
  return { vector: Float32Array.from({ length: DIMENSION }, random), tokens: n, truncated: n % 2 === 0 };
}
