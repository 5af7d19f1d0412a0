/** Publishing where a partition stands, so that cached answers can tell whether they are still true. */

import type { CacheChange, CacheStore, Clock, Json, PartitionSeq, RecordStore, TenantScope } from "@nexus/core";

const TTL_SECONDS = 86_400;
/** Partitions whose last look is remembered: a hint, so that forgetting them all costs one look each. */
const MAX_KNOWN = 10_000;

export interface Partitions {
  /** Runs a write of these partitions between a mark that makes readers look at the records themselves and the publication of the new sequences. */
  during<T extends { readonly seqs: readonly PartitionSeq[] }>(
    scope: TenantScope,
    partitions: readonly string[],
    write: () => Promise<T>,
  ): Promise<T>;
  /** The partition's sequence: at least that of every acknowledged write. */
  current(scope: TenantScope, partition: string): Promise<number>;
  /** `current`, and other values of the same cache in the same round trip. */
  look(
    scope: TenantScope,
    partition: string,
    keys: readonly string[],
  ): Promise<{ readonly seq: number; readonly values: readonly (Json | undefined)[] }>;
  /** The sequence as this process last saw it, if that is less than `maxStalenessMs` ago. Never older than what this process wrote itself. */
  recent(scope: TenantScope, partition: string, maxStalenessMs: number): number | undefined;
}

/** `clock` only where the cache is shared with other processes: in a cache of this process looking costs nothing. */
export function createPartitions(records: RecordStore, cache: CacheStore, clock?: Clock): Partitions {
  const key = (partition: string): string => `seq:${partition}`;
  const known = new Map<string, { readonly seq: number; readonly at: number }>();
  const nameOf = (scope: TenantScope, partition: string): string => `${scope.tenant}\0${partition}`;
  /** `at`: a moment before the look began. */
  const learn = (scope: TenantScope, partition: string, seq: number, at: number | undefined): void => {
    const name = nameOf(scope, partition);
    // A look that was slow must not undo what a later one saw.
    if (at === undefined || (known.get(name)?.seq ?? 0) > seq) return;
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(name, { seq, at });
  };
  /** Without a sequence the write changed nothing, or nobody knows whether it did: the next reader looks. */
  const wrote = (scope: TenantScope, partition: string, seq: number | undefined): void => {
    const name = nameOf(scope, partition);
    const last = known.get(name);
    if (seq !== undefined) learn(scope, partition, seq, clock?.monotonic());
    else if (last) known.set(name, { ...last, at: Number.NEGATIVE_INFINITY });
  };
  const look: Partitions["look"] = async (scope, partition, keys) => {
    const at = clock?.monotonic();
    const [value, ...values] = await cache.get(scope, [key(partition), ...keys]);
    const entry = value as { readonly writers?: number; readonly seq?: number } | undefined;
    if (entry?.seq !== undefined && (entry.writers ?? 0) === 0) {
      learn(scope, partition, entry.seq, at);
      return { seq: entry.seq, values };
    }
    const [row] = await records.reader(scope).get("partition", [[partition]]);
    const seq = row?.seq ?? 0;
    if (entry?.seq === undefined) await cache.update(scope, key(partition), { max: { seq }, ttlSeconds: TTL_SECONDS });
    learn(scope, partition, seq, at);
    return { seq, values };
  };
  return {
    look,
    current: async (scope, partition) => (await look(scope, partition, [])).seq,
    recent(scope, partition, maxStalenessMs) {
      const last = known.get(nameOf(scope, partition));
      return clock && last && clock.monotonic() - last.at < maxStalenessMs ? last.seq : undefined;
    },
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
        for (const partition of partitions) wrote(scope, partition, reached.get(partition));
        await all((partition) => ({ add: { writers: -1 }, max: { writers: 0, ...seqOf(reached.get(partition)) } }));
      }
    },
  };
}

function seqOf(seq: number | undefined): { seq?: number } {
  return seq === undefined ? {} : { seq };
}
