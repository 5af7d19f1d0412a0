/** Publishing where a partition stands, so that cached answers can tell whether they are still true. */

import type { CacheChange, CacheStore, PartitionSeq, RecordStore, TenantScope } from "@nexus/core";

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
      const all = (change: (partition: string) => Pick<CacheChange, "add" | "max">): Promise<unknown> =>
        Promise.all(
          partitions.map((partition) =>
            cache.update(scope, key(partition), { ...change(partition), ttlSeconds: TTL_SECONDS }),
          ),
        );
      let seqs: readonly PartitionSeq[] = [];
      try {
        await all(() => ({ add: { writers: 1 } }));
        const written = await write();
        ({ seqs } = written);
        return written;
      } finally {
        // One change: a mark that ended without the new sequence would let an old answer pass for fresh. Never below
        // 0, as an entry that was evicted under a writer would otherwise keep readers from ever trusting it again.
        const reached = new Map(seqs.map(({ partition, seq }) => [partition, seq]));
        await all((partition) => ({ add: { writers: -1 }, max: { writers: 0, ...seqOf(reached.get(partition)) } }));
      }
    },
    async current(scope, partition) {
      const [value] = await cache.get(scope, [key(partition)]);
      const entry = value as { readonly writers?: number; readonly seq?: number } | undefined;
      if (entry?.seq !== undefined && (entry.writers ?? 0) === 0) return entry.seq;
      const [row] = await records.reader(scope).get("partition", [[partition]]);
      const seq = row?.seq ?? 0;
      if (entry?.seq === undefined)
        await cache.update(scope, key(partition), { max: { seq }, ttlSeconds: TTL_SECONDS });
      return seq;
    },
  };
}

function seqOf(seq: number | undefined): { seq?: number } {
  return seq === undefined ? {} : { seq };
}
