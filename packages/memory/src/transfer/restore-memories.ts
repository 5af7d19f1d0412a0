/** Puts memories of an export back in the state they had: their words are understood anew, what became of them is not decided again. */

import { canonicalJson, type Memory, partitionOf, type RecordReader, type RecordTx } from "@nexus/core";
import { newJob } from "../jobs/queue.ts";
import { generationsToFill } from "../models/generations.ts";
import { putOwed } from "../models/owed.ts";
import { partitionsOf } from "../remember/commit.ts";
import { readEntityRows } from "../remember/entity-rows.ts";
import { pointsOf } from "../remember/points.ts";
import { type PreparedMemory, prepareAll } from "../remember/prepare.ts";
import type { RememberDependencies } from "../remember/remember.ts";
import { putNew } from "../remember/rows.ts";
import type { Writer } from "../requests.ts";
import type { ImportResult, RestoredMemory } from "./transfer-service.ts";

export async function restoreMemories(
  writer: Writer,
  memories: readonly RestoredMemory[],
  deps: RememberDependencies,
): Promise<ImportResult[]> {
  const known = await readKnown(deps.records.reader(writer.scope), memories);
  const before = memories.map((memory) => known.judge(memory));
  // To understand and embed a memory takes most of the time: what is there already is not prepared.
  const fresh = memories.filter((_, i) => !before[i]);
  const results = fresh.length === 0 ? [] : await restoreFresh(writer, fresh, deps);
  return before.map((verdict) => verdict ?? (results.shift() as ImportResult));
}

/** Judges again, since others may have written meanwhile. */
async function restoreFresh(
  writer: Writer,
  memories: readonly RestoredMemory[],
  deps: RememberDependencies,
): Promise<ImportResult[]> {
  const { records, clock, ids, embedder, partitions, projector, telemetry } = deps;
  const batch = await prepareAll(memories, deps);
  const state = await deps.generations.of(writer.scope);
  const named = partitionsOf(batch);
  const { value, seqs } = await partitions.during(writer.scope, named, () =>
    records.transact(writer.scope, named, async (tx) => {
      const context = { now: new Date(clock.now()), keyId: writer.keyId, embedder: embedder.describe() };
      const known = await readKnown(tx, memories);
      const added: Memory[] = [];
      const results = batch.map((item, i): ImportResult => {
        const restored = memories[i] as RestoredMemory;
        const verdict = known.judge(restored);
        if (verdict) return verdict;
        const memory = asItWas(putNew(tx, item, context), restored);
        tx.put("memory", memory);
        known.add(memory);
        added.push(memory);
        if (memory.pendingCount > 0) tx.put("job", newJob("chunks", { memoryId: memory.id }, { ids, clock }));
        return { event: "imported" };
      });
      putOwed(
        tx,
        added.map(({ id }) => id),
        { state, ids, clock },
      );
      await countEntities(tx, added);
      return { results, added };
    }),
  );
  const isOwed = generationsToFill(state).length > 0;
  if (isOwed || value.added.some(({ pendingCount }) => pendingCount > 0)) deps.jobs.nudge(writer.scope);
  const pending = { entries: seqs, memoryIds: value.added.map(({ id }) => id) };
  await projector.project(writer.scope, pending, knownPoints(batch, value.added, embedder.describe().name));
  telemetry.count("remember_total", { event: "added" }, value.added.length);
  return value.results;
}

/** Version 1 here: the versions before are not carried over. Its place in the order of arrival is that of its first history, and no sequence of this one. */
function asItWas(memory: Memory, restored: RestoredMemory): Memory {
  const { status, invalidReason, quality, recordedAt, updatedAt, arrival } = restored;
  return {
    ...memory,
    status,
    invalidReason,
    quality: quality ?? memory.quality,
    recordedAt,
    updatedAt,
    addedSeq: arrival,
  };
}

interface Known {
  /** undefined for what is new. */
  judge(memory: RestoredMemory): ImportResult | undefined;
  add(memory: Memory): void;
}

async function readKnown(reader: RecordReader, memories: readonly RestoredMemory[]): Promise<Known> {
  const externalIds = memories.flatMap(({ externalId }) => (externalId === undefined ? [] : [[externalId]]));
  const [byId, byExternalId] = await Promise.all([
    reader.get(
      "memory",
      memories.map(({ id }) => [id]),
    ),
    externalIds.length === 0
      ? []
      : reader.find({ index: "memoryByExternalId", anyOf: externalIds, limit: externalIds.length }),
  ]);
  const known = new Map<string, Memory>();
  const holders = new Map<string, Memory>();
  const add = (memory: Memory): void => {
    known.set(memory.id, memory);
    if (memory.externalId !== undefined) holders.set(memory.externalId, memory);
  };
  for (const memory of [...byId, ...byExternalId]) if (memory) add(memory);
  return {
    add,
    judge(restored) {
      const same = known.get(restored.id);
      const holder = restored.externalId === undefined ? undefined : holders.get(restored.externalId);
      if (same && isSame(same, restored)) return { event: "unchanged" };
      if (same || holder) return TAKEN;
      return undefined;
    },
  };
}

function isSame(memory: Memory, restored: RestoredMemory): boolean {
  return (
    memory.content === restored.content &&
    memory.userId === restored.userId &&
    memory.externalId === restored.externalId &&
    canonicalJson(memory.metadata) === canonicalJson(restored.metadata)
  );
}

const TAKEN: ImportResult = {
  event: "failed",
  error: {
    code: "memory.exists",
    detail: "the id or externalId belongs to a memory with other content, metadata or user",
  },
};

async function countEntities(tx: RecordTx, added: readonly Memory[]): Promise<void> {
  const rows = await readEntityRows(
    tx,
    added.map(({ userId, entities = [] }) => ({ partition: partitionOf(userId), entities })),
  );
  for (const memory of added) rows.count(memory);
  rows.write();
}

function knownPoints(batch: readonly PreparedMemory[], added: readonly Memory[], vectorName: string) {
  const texts = new Map(batch.map(({ id, text }) => [id, text]));
  return new Map(added.map((memory) => [memory.id, pointsOf(memory, texts.get(memory.id)?.chunks ?? [], vectorName)]));
}
