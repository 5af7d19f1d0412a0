/** Publishing where a partition stands, so that cached answers can tell whether they are still true. */

import type { CacheStore, PartitionSeq, RecordStore, TenantScope } from "@nexus/core";

const TTL_SECONDS = 86_400;

export interface Partitions {
  /** Runs a write of these partitions between a mark that makes readers look at the records themselves and the publication of the new sequences. */
  during<T extends { readonly seqs: readonly PartitionSeq[] }>(
    scope: TenantScope,
    partitions: readonly string[],
    write: () => Promise<T>,
  ): Promise<T>;
  /** The partition's sequence: at least that of every acknowledged write. */
  current(scope: TenantScope, partition: string): Promise<number>;
}

export function createPartitions(records: RecordStore, cache: CacheStore): Partitions {
  const key = (partition: string): string => `seq:${partition}`;
  return {
    async during(scope, partitions, write) {
      const mark = (by: 1 | -1): Promise<unknown> =>
        Promise.all(
          partitions.map((partition) =>
            cache.update(scope, key(partition), { add: { writers: by }, ttlSeconds: TTL_SECONDS }),
          ),
        );
      await mark(1);
      try {
        const written = await write();
        await Promise.all(written.seqs.map((at) => publish(cache, scope, key(at.partition), at.seq)));
        return written;
      } finally {
        await mark(-1);
      }
    },
    async current(scope, partition) {
      const [value] = await cache.get(scope, [key(partition)]);
      const entry = value as { readonly writers?: number; readonly seq?: number } | undefined;
      if (entry?.seq !== undefined && (entry.writers ?? 0) === 0) return entry.seq;
      const [row] = await records.reader(scope).get("partition", [[partition]]);
      const seq = row?.seq ?? 0;
      if (entry?.seq === undefined) await publish(cache, scope, key(partition), seq);
      return seq;
    },
  };
}

async function publish(cache: CacheStore, scope: TenantScope, key: string, seq: number): Promise<void> {
  await cache.update(scope, key, { max: { seq }, ttlSeconds: TTL_SECONDS });
}
