/** Step 3 of the write path: one transaction that decides what is new and writes all of it. Its success is the acknowledgement. */

import {
  asNexusError,
  type Json,
  type Memory,
  NexusError,
  partitionOf,
  type PartitionSeq,
  type RecordTx,
} from "@nexus/core";
import type { Dependencies } from "../dependencies.ts";
import { newJob } from "../jobs/queue.ts";
import type { RememberResult, Writer } from "../requests.ts";
import { type Known, readKnown } from "./identity.ts";
import { once } from "./idempotency.ts";
import type { PreparedMemory } from "./prepare.ts";
import { putNew, type RowContext } from "./rows.ts";

export interface CommitOptions {
  /** `refuse`: one bad item fails the transaction. `report`: it becomes a `failed` result and the rest goes on. */
  readonly onConflict: "refuse" | "report";
  /** Tells the sub-batches of one idempotency key apart. */
  readonly part?: string;
}

export interface Committed {
  readonly results: readonly RememberResult[];
  readonly seqs: readonly PartitionSeq[];
  /** Memories written by this very call, empty when an earlier answer was given again. */
  readonly added: readonly Memory[];
}

type Stored = { results: RememberResult[]; seqs: PartitionSeq[] };

/** throws  memory.exists, idempotency.mismatch, ExpiredHolders, store.* */
export async function commit(
  writer: Writer,
  batch: readonly PreparedMemory[],
  { onConflict, part = "" }: CommitOptions,
  {
    records,
    clock,
    ids,
    embedder,
    settings,
  }: Pick<Dependencies, "records" | "clock" | "ids" | "embedder" | "settings">,
): Promise<Committed> {
  const partitions = partitionsOf(batch);
  let added: Memory[] = [];
  const { value, seqs } = await records.transact(writer.scope, partitions, async (tx) => {
    added = [];
    const now = clock.now();
    const context: RowContext = { now: new Date(now), keyId: writer.keyId, embedder: embedder.describe() };
    const answer = await once(tx, writer, { now, ttlSeconds: settings.idempotencyTtlSeconds, part }, async () => {
      const known = await readKnown(tx, batch, { now, settings });
      const seen = new Map<string, number>();
      const results: RememberResult[] = [];
      for (const item of batch) results.push(decide(tx, item, known, context, onConflict, added));
      for (const memory of added) {
        seen.set(partitionOf(memory.userId), memory.seq);
        if (memory.pendingCount > 0) tx.put("job", newJob("chunks", { memoryId: memory.id }, { ids, clock }));
      }
      return {
        results,
        seqs: [...seen].map(([partition, seq]) => ({ partition, seq })),
      } satisfies Stored as unknown as Json;
    });
    return answer as unknown as Stored;
  });
  return { results: value.results, seqs: seqs.length > 0 ? seqs : value.seqs, added };
}

export function partitionsOf(batch: readonly Pick<PreparedMemory, "input">[]): string[] {
  return [...new Set(batch.map(({ input }) => partitionOf(input.userId)))].sort();
}

function decide(
  tx: RecordTx,
  item: PreparedMemory,
  known: Known,
  context: RowContext,
  onConflict: CommitOptions["onConflict"],
  added: Memory[],
): RememberResult {
  try {
    const verdict = known.judge(item);
    if (verdict.event === "unchanged")
      return { id: verdict.memory.id, event: "unchanged", relatedId: null, error: null };
    const memory = putNew(tx, item, context);
    known.add(memory);
    added.push(memory);
    return { id: memory.id, event: "added", relatedId: null, error: null };
  } catch (error) {
    if (onConflict === "refuse" || !(error instanceof NexusError)) throw error;
    const { code, message } = asNexusError(error);
    return { id: item.input.id ?? null, event: "failed", relatedId: null, error: { code, detail: message } };
  }
}
