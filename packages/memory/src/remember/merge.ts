/** Inside the transaction: is a new memory a near-duplicate of an older one, and what becomes of that one then. */

import { canonicalJson, type Memory, partitionOf, type RecordTx } from "@nexus/core";
import { estimateJaccard, minhash } from "@nexus/text";
import type { Settings } from "../defaults.ts";
import { hasExpired, heldFrom } from "../subject.ts";
import { type Candidates, mayRepeat } from "./candidates.ts";
import { dateFacts } from "./facts.ts";
import { judgeNearDuplicate } from "./near-duplicate.ts";
import { pointId, type PreparedMemory } from "./prepare.ts";
import { GENERATION, putPast } from "./rows.ts";

export interface Twin {
  readonly memory: Memory;
  /** Estimated Jaccard similarity. */
  readonly similarity: number;
}

/** The memories that items of a batch may repeat, in their present state. */
export interface Rivals {
  /** The memory that says the same, judged by its text as it is now. */
  twinOf(item: PreparedMemory): Twin | undefined;
  /** A memory that the batch adds is a rival of what comes after it. */
  add(memory: Memory, item: PreparedMemory): void;
  /** A memory that is no rival any more. */
  drop(memory: Memory): void;
}

/** Changes since the search that are looked at; more come only when a partition is written to thousands of times a second. */
const MOST_CHANGES = 500;

export async function readRivals(
  tx: RecordTx,
  candidates: Candidates,
  { now, vectorName, settings }: { now: number; vectorName: string; settings: Pick<Settings, "mergeWindowMs"> },
): Promise<Rivals> {
  const late = [...candidates.unindexed];
  for (const [partition, seq] of candidates.seqs) {
    const changes = await tx.range({
      table: "change",
      prefix: [partition],
      after: [partition, seq],
      limit: MOST_CHANGES,
    });
    late.push(...changes.map(({ memoryId }) => memoryId));
  }
  const ids = [...new Set([...[...candidates.byItem.values()].flat(), ...late])];
  const rows =
    ids.length === 0
      ? []
      : await tx.get(
          "memory",
          ids.map((id) => [id]),
        );
  const vectors =
    ids.length === 0
      ? []
      : await tx.get(
          "vector",
          ids.map((id) => [pointId(id, 0), vectorName, GENERATION]),
        );
  const known = new Map<string, Rival>();
  ids.forEach((id, i) => {
    const [memory, vector] = [rows[i], vectors[i]];
    if (memory && vector && isRival(memory, now))
      known.set(id, { memory, vector: new Float32Array(vector.data.slice().buffer, 0, vector.dimension) });
  });
  /** Items of this batch by their signature's terms. */
  const fresh = new Map<number, Set<string>>();
  const forEveryItem = new Set(late);
  return {
    twinOf(item) {
      if (!mayRepeat(item) || known.size === 0) return undefined;
      const near = new Set([...(candidates.byItem.get(item) ?? []), ...forEveryItem]);
      for (const term of item.text.signature) for (const id of fresh.get(term) ?? []) near.add(id);
      const rivals = [...near]
        .flatMap((id) => known.get(id) ?? [])
        .filter(({ memory }) => isOfOneKind(memory, item, now, settings));
      return rivals.length === 0 ? undefined : nearest(item, rivals);
    },
    add(memory, item) {
      const vector = item.text.chunks[0]?.vector;
      if (!vector || !mayRepeat(item)) return;
      known.set(memory.id, { memory, vector });
      for (const term of item.text.signature) fresh.set(term, (fresh.get(term) ?? new Set()).add(memory.id));
    },
    drop: ({ id }) => known.delete(id),
  };
}

/** The older memory stays, as a part of the newer one: out of sight, with its history, and as of the time before the newer one was told, until the merge is undone. */
export async function mergeInto(
  tx: RecordTx,
  newer: Memory,
  { memory: older, similarity }: Twin,
  { now, keyId }: { readonly now: Date; readonly keyId: string },
): Promise<Memory> {
  const partition = partitionOf(older.userId);
  const version = older.version + 1;
  const seq = tx.change(partition, { op: "merged", memoryId: older.id, version, memories: 0 });
  const began = Math.max(heldFrom(newer), heldFrom(older));
  const validTo = new Date(Math.min(began, older.validTo?.getTime() ?? began));
  const merged: Memory = { ...older, status: "merged", validTo, version, seq, updatedAt: now, changedBy: keyId };
  putPast(tx, older);
  tx.put("memory", merged);
  await dateFacts(tx, merged);
  tx.put("reference", {
    memoryId: newer.id,
    type: "mergedInto",
    targetId: older.id,
    partition,
    reason: "near-duplicate",
    similarity,
    formerValidTo: older.validTo,
    createdAt: now,
  });
  return merged;
}

interface Rival {
  readonly memory: Memory;
  readonly vector: Float32Array;
}

function isRival(memory: Memory, now: number): boolean {
  return (
    memory.status === "active" && memory.chunkCount === 1 && memory.externalId === undefined && !hasExpired(memory, now)
  );
}

/** Of one voice, not too far apart, and alike in all that is not text. */
function isOfOneKind(
  memory: Memory,
  { input, text }: PreparedMemory,
  now: number,
  { mergeWindowMs }: Pick<Settings, "mergeWindowMs">,
): boolean {
  const createdAt = input.createdAt?.getTime() ?? now;
  return (
    memory.userId === input.userId &&
    memory.agentId === input.agentId &&
    memory.sessionId === input.sessionId &&
    memory.speaker === input.speaker &&
    Math.abs(memory.createdAt.getTime() - createdAt) <= mergeWindowMs &&
    memory.validFrom?.getTime() === input.validFrom?.getTime() &&
    memory.validTo?.getTime() === input.validTo?.getTime() &&
    memory.expiresAt?.getTime() === input.expiresAt?.getTime() &&
    // "I ran today" said on two days is two runs.
    memory.occurredFrom?.getTime() === text.understood.occurred?.from.getTime() &&
    memory.occurredTo?.getTime() === text.understood.occurred?.to.getTime() &&
    canonicalJson(memory.metadata) === canonicalJson(input.metadata)
  );
}

function nearest({ input, text }: PreparedMemory, rivals: readonly Rival[]): Twin | undefined {
  const language = text.stemming;
  const own = { content: input.content, language, speaker: input.speaker };
  const signature = minhash(input.content);
  const vector = text.chunks[0]?.vector ?? new Float32Array(0);
  return rivals
    .map((rival) => ({ ...rival, similarity: estimateJaccard(signature, minhash(rival.memory.content)) }))
    .sort((a, b) => b.similarity - a.similarity || (a.memory.id < b.memory.id ? -1 : 1))
    .find(({ memory, vector: other, similarity }) => {
      const measured = { jaccard: similarity, cosine: dot(vector, other) };
      return (
        judgeNearDuplicate({ content: memory.content, language, speaker: memory.speaker }, own, measured).verdict ===
        "duplicate"
      );
    });
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
