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
import type { Generations } from "../models/generations.ts";
import { putOwed } from "../models/owed.ts";
import type { RememberResult, Writer } from "../requests.ts";
import type { Candidates } from "./candidates.ts";
import { type EntityRows, readEntityRows } from "./entity-rows.ts";
import { type Known, readKnown } from "./identity.ts";
import { once } from "./idempotency.ts";
import { mergeInto, readRivals, type Rivals } from "./merge.ts";
import type { PreparedMemory } from "./prepare.ts";
import { replaceFacts } from "./replace.ts";
import { putNew, type RowContext } from "./rows.ts";
import { timesSaid } from "./worth.ts";

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
  /** Older memories that it changed. */
  readonly changed: readonly Memory[];
}

type Stored = { results: RememberResult[]; seqs: PartitionSeq[] };

/** throws  memory.exists, idempotency.mismatch, ExpiredHolders, store.* */
export async function commit(
  writer: Writer,
  batch: readonly PreparedMemory[],
  candidates: Candidates,
  { onConflict, part = "" }: CommitOptions,
  {
    records,
    clock,
    ids,
    embedder,
    settings,
    generations,
  }: Pick<Dependencies, "records" | "clock" | "ids" | "embedder" | "settings"> & { readonly generations: Generations },
): Promise<Committed> {
  const partitions = partitionsOf(batch);
  const state = await generations.of(writer.scope);
  // Made anew by every run of the work, so that what a run that failed has collected is not reported.
  let written = new Map<string, Memory>();
  const { value, seqs } = await records.transact(writer.scope, partitions, async (tx) => {
    written = new Map();
    const now = clock.now();
    const context: RowContext = { now: new Date(now), keyId: writer.keyId, embedder: embedder.describe() };
    const answer = await once(tx, writer, { now, ttlSeconds: settings.idempotencyTtlSeconds, part }, async () => {
      const step: Step = {
        tx,
        context,
        written,
        known: await readKnown(tx, batch, { now, settings }),
        rivals: await readRivals(tx, candidates, { now, vectorName: context.embedder.name, settings }),
        entities: await readEntityRows(
          tx,
          batch.map(({ input, text }) => ({
            partition: partitionOf(input.userId),
            entities: text.understood.entities,
          })),
        ),
      };
      const results: RememberResult[] = [];
      for (const item of batch) results.push(await decide(item, step, onConflict));
      step.entities.write();
      const reached = new Map<string, number>();
      for (const memory of written.values()) {
        const partition = partitionOf(memory.userId);
        reached.set(partition, Math.max(memory.seq, reached.get(partition) ?? 0));
        if (memory.pendingCount > 0 && memory.recordedAt === context.now)
          tx.put("job", newJob("chunks", { memoryId: memory.id }, { ids, clock }));
      }
      const fresh = [...written.values()].filter(({ recordedAt }) => recordedAt === context.now);
      putOwed(
        tx,
        fresh.map(({ id }) => id),
        { state, ids, clock },
      );
      return {
        results,
        seqs: [...reached].map(([partition, seq]) => ({ partition, seq })),
      } satisfies Stored as unknown as Json;
    });
    return answer as unknown as Stored;
  });
  const own = new Set(batch.map(({ id }) => id));
  const all = [...written.values()];
  return {
    results: value.results,
    seqs: seqs.length > 0 ? seqs : value.seqs,
    added: all.filter(({ id }) => own.has(id)),
    changed: all.filter(({ id }) => !own.has(id)),
  };
}

export function partitionsOf(batch: readonly Pick<PreparedMemory, "input">[]): string[] {
  return [...new Set(batch.map(({ input }) => partitionOf(input.userId)))].sort();
}

/** What one transaction knows, and what it has written so far. */
interface Step {
  readonly tx: RecordTx;
  readonly context: RowContext;
  readonly known: Known;
  readonly rivals: Rivals;
  readonly entities: EntityRows;
  /** By id, in their latest state. */
  readonly written: Map<string, Memory>;
}

async function decide(
  item: PreparedMemory,
  step: Step,
  onConflict: CommitOptions["onConflict"],
): Promise<RememberResult> {
  try {
    const verdict = step.known.judge(item);
    if (verdict.event === "unchanged")
      return { id: verdict.memory.id, event: "unchanged", relatedId: null, error: null };
    return await write(item, step);
  } catch (error) {
    if (onConflict === "refuse" || !(error instanceof NexusError)) throw error;
    const { code, message } = asNexusError(error);
    return { id: item.input.id ?? null, event: "failed", relatedId: null, error: { code, detail: message } };
  }
}

/** A memory that says again what an older one says takes it in; one that tells what has changed since supersedes it. */
async function write(
  item: PreparedMemory,
  { tx, context, known, rivals, entities, written }: Step,
): Promise<RememberResult> {
  const twin = rivals.twinOf(item);
  const memory = putNew(tx, item, context, twin ? await timesSaid(tx, twin.memory) : 0);
  entities.count(memory);
  written.set(memory.id, memory);
  if (twin) {
    const merged = await mergeInto(tx, memory, twin, context);
    written.set(merged.id, merged);
    known.replace(merged);
    rivals.drop(merged);
  }
  const replaced = twin ? { superseded: [], memory } : await replaceFacts(tx, memory, item.text, context);
  written.set(memory.id, replaced.memory);
  for (const older of replaced.superseded) {
    written.set(older.id, older);
    known.replace(older);
    rivals.drop(older);
  }
  known.add(replaced.memory);
  if (replaced.memory.status === "active") rivals.add(replaced.memory, item);
  const [superseded] = replaced.superseded;
  const event = twin ? "merged" : superseded ? "superseded" : "added";
  return { id: memory.id, event, relatedId: twin?.memory.id ?? superseded?.id ?? null, error: null };
}
