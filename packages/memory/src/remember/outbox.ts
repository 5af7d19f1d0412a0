/** The outbox: what each transaction changed and the vector store does not show yet. */

import {
  asNexusError,
  type OutboxEntry,
  type PartitionSeq,
  type RecordStore,
  type Telemetry,
  type TenantScope,
} from "@nexus/core";

export interface Outbox {
  /**
   * Entries not applied yet, of one partition or of the whole tenant. `reached` is a sequence that the partition is
   * known to have: when nothing is open, later calls need not look below it again.
   */
  open(scope: TenantScope, at?: { readonly partition: string; readonly reached: number }): Promise<OutboxEntry[]>;
  /** Takes applied entries off; returns at once. */
  settle(scope: TenantScope, entries: readonly PartitionSeq[]): void;
  /** Resolves when everything settled so far is off the disk. */
  settled(): Promise<void>;
}

/** Entries read at once. */
const PAGE = 500;
/** Partitions remembered as drained: a hint, so that forgetting them all costs one read each. */
const MAX_DRAINED = 10_000;

export function createOutbox({ records, telemetry }: { records: RecordStore; telemetry: Telemetry }): Outbox {
  /** Applied, but with the entry still there: its removal rides on a later group commit. */
  const applied = new Set<string>();
  let removals: Promise<unknown> = Promise.resolve();
  /** By partition: a sequence up to which nothing is open. A scan from the beginning would pass over every row ever removed. */
  const drained = new Map<string, number>();

  const remember = (key: string, reached: number): void => {
    if (drained.size >= MAX_DRAINED) drained.clear();
    drained.set(key, Math.max(reached, drained.get(key) ?? 0));
  };

  return {
    async open(scope, at) {
      const key = `${scope.tenant}\0${at?.partition}`;
      // All that the partition has is known to be applied: no need to ask.
      if (at && (drained.get(key) ?? -1) >= at.reached) return [];
      // An entry that is taken off between the read and the filter below must not look open.
      const settling = new Set(applied);
      const reader = records.reader(scope);
      const found: OutboxEntry[] = [];
      let after: readonly [string, number] | undefined = at && [at.partition, drained.get(key) ?? 0];
      for (let more = true; more;) {
        const prefix = at ? [at.partition] : [];
        const rows: OutboxEntry[] = await reader.range({ table: "outbox", prefix, after, limit: PAGE });
        found.push(...rows);
        const last = rows.at(-1);
        after = last && [last.partition, last.seq];
        more = rows.length === PAGE;
      }
      const open = found.filter((row) => !settling.has(nameOf(scope, row)) && !applied.has(nameOf(scope, row)));
      if (at && open.length === 0) remember(key, at.reached);
      return open;
    },

    settle(scope, entries) {
      if (entries.length === 0) return;
      const names = entries.map((entry) => nameOf(scope, entry));
      for (const name of names) applied.add(name);
      const removal = records
        .transact(scope, [], async (tx) => {
          for (const { partition, seq } of entries) tx.remove("outbox", [partition, seq]);
        })
        // If it fails the entries stay, and the sweep applies them again, which changes nothing.
        .catch((error: unknown) =>
          telemetry.log("warn", "outbox entries not removed", { code: asNexusError(error).code }),
        )
        .then(() => names.forEach((name) => applied.delete(name)));
      removals = Promise.all([removals, removal]);
    },

    async settled() {
      await removals;
    },
  };
}

function nameOf(scope: TenantScope, { partition, seq }: PartitionSeq): string {
  return `${scope.tenant}\0${partition}\0${seq}`;
}
