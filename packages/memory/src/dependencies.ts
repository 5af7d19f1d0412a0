/** What the memory service is built from. Everything that touches the world is injected. */

import type {
  BlobStore,
  CacheStore,
  Clock,
  Embedder,
  Ids,
  Random,
  RecordStore,
  Sign,
  Telemetry,
  VectorStore,
} from "@nexus/core";
import type { Settings } from "./defaults.ts";

export interface Dependencies {
  readonly records: RecordStore;
  readonly vectors: VectorStore;
  readonly cache: CacheStore;
  readonly blobs: BlobStore;
  readonly embedder: Embedder;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly telemetry: Telemetry;
  /** MACs for tokens, cursors and query ids: the first signs, all verify. */
  readonly signers: readonly [Sign, ...Sign[]];
  readonly settings: Settings;
}
