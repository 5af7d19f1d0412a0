/** What is learnt from use: ratings, what recurs, what a user prefers. */

import type { JsonObject } from "./json.ts";

/** What a user thought of an answer or of one memory in it. */
export interface Feedback {
  readonly id: string;
  readonly partition: string;
  readonly queryId: string;
  readonly memoryId?: string | undefined;
  /** −1…1. */
  readonly rating: number;
  readonly comment?: string | undefined;
  /** Features of the answer at the time, for learning: factors of the memory and its topics. Never a text. */
  readonly features: JsonObject;
  readonly createdAt: Date;
}

export type PatternType = "solution" | "preference" | "habit" | "trend";

/** Something that recurs in a user's memories. */
export interface Pattern {
  readonly partition: string;
  readonly id: string;
  readonly type: PatternType;
  readonly domain: string;
  readonly description: string;
  readonly terms: readonly string[];
  /** Mean vector of its memories, f32 little endian; absent for trends. */
  readonly centroid?: Uint8Array | undefined;
  readonly memoryIds: readonly string[];
  readonly frequency: number;
  readonly successCount: number;
  readonly usageCount: number;
  readonly growthRate?: number | undefined;
  readonly windowFrom?: Date | undefined;
  readonly windowTo?: Date | undefined;
  readonly lastUsedAt?: Date | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What was learnt of one user. */
export interface Profile {
  readonly partition: string;
  /** Weights by feature, each −1…1, with the moment it was last changed. */
  readonly preferences: JsonObject;
  readonly ratingCount: number;
  readonly updatedAt: Date;
}
