/** The memory service over embedded stores: what the server, the CLI without a server, and the evaluation all run. */

import { createIds, type Embedder, type NexusError, systemClock, systemRandom, type Telemetry } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { createMemory, type Memories, type Settings } from "@nexus/memory";
import { createSigner, type Signer } from "@nexus/platform";
import { secretFile } from "@nexus/stores/node";
import { type LocalEmbedding, openLocalEmbedding } from "./embedding.ts";
import type { EmbeddingConfig } from "./embedding-config.ts";
import { openStores, type StoreOptions, type Stores } from "./stores.ts";

export interface LocalMemoriesOptions extends Pick<
  StoreOptions,
  "dataDir" | "cacheEntries" | "cacheMaxBytes" | "reserveBytes"
> {
  readonly settings: Settings;
  readonly embedding: EmbeddingConfig;
  readonly telemetry: Telemetry;
  readonly builtIn?: Embedder | undefined;
}

export interface LocalMemories extends Memories {
  readonly stores: Stores;
  readonly embedding: LocalEmbedding;
  /** The first signs what leaves the server and comes back, all verify it. */
  readonly signers: Signer["verifiers"];
  /** Ends background work, then closes the stores. The process should end afterwards: the record engine keeps it alive. */
  close(): Promise<void>;
}

export async function openLocalMemories({
  settings,
  embedding: config,
  telemetry,
  builtIn,
  ...options
}: LocalMemoriesOptions): Promise<LocalMemories> {
  const clock = systemClock;
  const random = systemRandom;
  const stores = await openStores({ ...options, clock, telemetry, onDamage });
  const secret = await secretFile(stores.directory, "secret", 32, random);
  const signers = createSigner([secret]).verifiers;
  const embedding = openLocalEmbedding({ dataDir: stores.directory, config, clock, random, telemetry, builtIn });
  const memories = createMemory({
    ...stores,
    embedder: embedding.builtIn,
    deep: embedding.deep,
    alsoForget: ({ tenant }) => embedding.forget(tenant),
    clock,
    random,
    ids: createIds(clock, random),
    telemetry,
    signers,
    settings,
  });

  /** A damaged index is derived data: plan its rebuild while the records still say what belongs in it. */
  async function onDamage(tenant: string, error: NexusError): Promise<void> {
    telemetry.log("error", "a vector index is damaged; rebuilding it from the records", {
      code: error.code,
      detail: error.message,
    });
    for (const scope of systemScopes("rebuild", [tenant])) await memories.background.rebuild(scope);
  }

  memories.background.start(async () => systemScopes("sweep", await stores.records.tenants()));
  return {
    ...memories,
    stores,
    embedding,
    signers,
    async close() {
      await memories.background.stop();
      await embedding.close();
      await stores.close();
    },
  };
}
