/** Looks for something in what a partition holds, and stores it only while that is still so: no erased name comes back with a job that read it before. */

import type { RecordReader, RecordStore, RecordTx, TenantScope } from "@nexus/core";

/** Looks that do not hold writers up. */
const FREE_LOOKS = 3;

/** What was found. A partition that changes faster than it can be looked at is looked at inside the transaction, while its writers wait. */
export async function lookAndStore<T>(
  scope: TenantScope,
  partition: string,
  records: RecordStore,
  { look, store }: { look: (reader: RecordReader) => Promise<T>; store: (tx: RecordTx, found: T) => Promise<void> },
): Promise<T> {
  const reader = records.reader(scope);
  for (let i = 0; i < FREE_LOOKS; i++) {
    const seq = await seqOf(reader, partition);
    const found = await look(reader);
    const { value: isStored } = await records.transact(scope, [partition], async (tx) => {
      if ((await seqOf(tx, partition)) !== seq) return false;
      await store(tx, found);
      return true;
    });
    if (isStored) return found;
  }
  const { value } = await records.transact(scope, [partition], async (tx) => {
    const found = await look(tx);
    await store(tx, found);
    return found;
  });
  return value;
}

async function seqOf(reader: RecordReader, partition: string): Promise<number> {
  const [row] = await reader.get("partition", [[partition]]);
  return row?.seq ?? 0;
}
