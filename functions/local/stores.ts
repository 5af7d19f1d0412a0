/** Opens the embedded stores under one data directory, which this process then owns. */

import { join } from "node:path";
import {
  type BlobStore,
  type CacheStore,
  type Clock,
  type NexusError,
  type RecordStore,
  type Telemetry,
  type VectorStore,
} from "@nexus/core";
import { createSegmentThread } from "@nexus/index/node";
import { createMemoryCache } from "@nexus/stores";
import {
  embeddedUrl,
  openDataDirectory,
  openFileBlobs,
  openLocalVectors,
  openSurrealRecords,
} from "@nexus/stores/node";
import { VERSION } from "./version.ts";

/** Version of each on-disk format; an older one is brought up by its driver, a newer one refused. */
const FORMATS = { records: 1, vectors: 2, blobs: 1 };

export interface Stores {
  /** Absolute path of the data directory. */
  readonly directory: string;
  readonly records: RecordStore;
  readonly vectors: VectorStore;
  readonly cache: CacheStore;
  readonly blobs: BlobStore;
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly dataDir: string;
  readonly cacheEntries: number;
  readonly cacheMaxBytes: number;
  /** Bytes of the disk that writes leave free. */
  readonly reserveBytes: number;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Awaited before a tenant's damaged index is set aside. */
  readonly onDamage: (tenant: string, error: NexusError) => Promise<void>;
}

/** throws  store.locked, store.full, store.corrupt, store.unavailable, config.version_skew, config.migration */
export async function openStores({
  dataDir,
  cacheEntries,
  cacheMaxBytes,
  reserveBytes,
  clock,
  telemetry,
  onDamage,
}: StoreOptions): Promise<Stores> {
  const lock = await openDataDirectory({
    directory: dataDir,
    versions: { formats: FORMATS, createdBy: `memory-nexus ${VERSION}` },
  });
  try {
    const url = embeddedUrl(join(lock.directory, "records"));
    const records = await openSurrealRecords({ url, clock, telemetry, reserveBytes });
    const thread = createSegmentThread({
      onFailure: (error) =>
        telemetry.log("warn", "the index's graph could not be built further", { error: String(error) }),
    });
    const vectors = await openLocalVectors({
      directory: join(lock.directory, "vectors"),
      thread,
      onDamage,
      onNotice: (_tenant, message) => telemetry.log("info", message),
    });
    return {
      directory: lock.directory,
      records,
      vectors,
      cache: createMemoryCache({ clock, maxEntries: cacheEntries, maxBytes: cacheMaxBytes, telemetry }),
      blobs: openFileBlobs({ directory: join(lock.directory, "blobs") }),
      async close() {
        await vectors.close();
        await thread.close();
        await records.close();
        await lock.close();
      },
    };
  } catch (error) {
    await lock.close();
    throw error;
  }
}
