/** What the memory service is built from. Everything that touches the world is injected. */

import type {
  BlobStore,
  CacheStore,
  Clock,
  DeepModels,
  Embedder,
  Ids,
  Random,
  RecordStore,
  Sign,
  Telemetry,
  TenantScope,
  VectorStore,
} from "@nexus/core";
import type { Settings } from "./defaults.ts";

export interface Dependencies {
  readonly records: RecordStore;
  readonly vectors: VectorStore;
  /** Of this process. */
  readonly cache: CacheStore;
  /** Shared with other processes, where there are any. */
  readonly shared?: CacheStore | undefined;
  readonly blobs: BlobStore;
  /** The built-in one: always there, microseconds a text. */
  readonly embedder: Embedder;
  /** Better and slower ones, where the operator has any. */
  readonly deep?: DeepModels | undefined;
  /** Drops what is kept of a tenant outside of this service, such as cached embeddings: part of every erasure. */
  readonly alsoForget?: ((scope: TenantScope) => unknown) | undefined;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly telemetry: Telemetry;
  /** MACs for tokens, cursors and query ids: the first signs, all verify. */
  readonly signers: readonly [Sign, ...Sign[]];
  readonly settings: Settings;
}
