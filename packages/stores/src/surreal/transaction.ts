/** What a `work` is given: reads through the buffers, buffered writes, and the sequences of the partitions that it named. */

import {
  type Clock,
  NexusError,
  type PartitionRow,
  type PartitionSeq,
  type RecordReader,
  type RecordTx,
} from "@nexus/core";

import { overlayReader } from "./overlay.ts";
import type { TenantBuffer } from "./group.ts";
import { createWrites, type Writes } from "./writes.ts";

export interface Transaction {
  readonly tx: RecordTx;
  readonly writes: Writes;
  /** The partitions changed so far, with their sequences. */
  seqs(): PartitionSeq[];
  /** Adds the outbox entries of what was changed; called once the work has succeeded. */
  complete(): void;
  /** After this the `tx` refuses to write: a `work` that did not await everything would otherwise write into nothing. */
  end(): void;
}

/** Reads the named partitions' rows, which `change` needs at hand. */
export async function beginTransaction(
  disk: RecordReader,
  buffer: TenantBuffer,
  partitions: readonly string[],
  clock: Clock,
): Promise<Transaction> {
  const own = createWrites();
  const reader = overlayReader(disk, { own, group: buffer.writes, durable: buffer.durable });
  const loaded = await reader.get(
    "partition",
    partitions.map((partition) => [partition]),
  );
  const rows = new Map(partitions.map((partition, i) => [partition, loaded[i] ?? unwritten(partition)]));
  const seqs = new Map<string, number>();
  const changed = new Map<string, Set<string>>();
  let ended = false;
  const alive = (): void => {
    if (ended) throw misuse("the transaction is over; await every step of the work");
  };

  const putPartition = (row: PartitionRow): void => {
    own.put("partition", row);
    rows.set(row.partition, row);
  };

  const tx: RecordTx = {
    ...reader,
    put(table, row) {
      alive();
      if (table === "partition") putPartition(row as PartitionRow);
      else own.put(table, row);
    },
    remove(table, key) {
      alive();
      if (table === "partition") rows.set(String(key[0]), unwritten(String(key[0])));
      own.remove(table, key);
    },
    change(partition, { op, memoryId, version, memories }) {
      alive();
      const row = rows.get(partition);
      if (!row || !partitions.includes(partition))
        throw misuse("a change in a partition that the transaction did not name");
      const seq = row.seq + 1;
      const createdAt = new Date(clock.now());
      putPartition({ partition, seq, memoryCount: row.memoryCount + memories });
      own.put("change", { partition, seq, op, memoryId, version, createdAt });
      changed.set(partition, (changed.get(partition) ?? new Set()).add(memoryId));
      seqs.set(partition, seq);
      return seq;
    },
  };
  return {
    tx,
    writes: own,
    seqs: () => Array.from(seqs, ([partition, seq]) => ({ partition, seq })),
    complete() {
      const createdAt = new Date(clock.now());
      for (const [partition, memoryIds] of changed) {
        own.put("outbox", { partition, seq: seqs.get(partition) ?? 0, memoryIds: [...memoryIds], createdAt });
      }
    },
    end: () => {
      ended = true;
    },
  };
}

function unwritten(partition: string): PartitionRow {
  return { partition, seq: 0, memoryCount: 0 };
}

function misuse(what: string): NexusError {
  return new NexusError("internal.unexpected", `[nexus/stores] ${what}`);
}
