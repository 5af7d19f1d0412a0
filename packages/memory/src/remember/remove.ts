/** Forgetting, inside a transaction: a memory's rows, and what they did to others. */

import { type Memory, partitionOf, type RecordTx } from "@nexus/core";
import { dropFound } from "../engines/drop-found.ts";
import { learnAnew } from "../feedback/learn-anew.ts";
import { readEntityRows } from "./entity-rows.ts";
import { removeFacts } from "./facts.ts";
import { referencesOf, referencesTo, reinstate } from "./links.ts";
import { removeChunks } from "./rows.ts";

export interface Removed {
  /** Sequence of the last change. */
  readonly seq: number;
  /** Every memory that changed: the index has to follow for each. */
  readonly memoryIds: readonly string[];
  /** How many are gone. */
  readonly count: number;
}

/**
 * Removes a memory with its history, relations, references and its share in its entities' counts; what stays is a change
 * row without any text. Memories merged into it say the same and go with it; those that it superseded hold again.
 * undefined when it was gone already.
 */
export async function removeMemory(tx: RecordTx, id: string, writing: Writing): Promise<Removed | undefined> {
  const [removed] = await removeMemories(tx, [id], writing);
  return removed;
}

/** The same for several, of which some may be gone: what was found in them or learnt of their ratings is looked at once. */
export async function removeMemories(tx: RecordTx, ids: readonly string[], writing: Writing): Promise<Removed[]> {
  const removed: Removed[] = [];
  const gone = new Map<string, Gone>();
  for (const id of ids) {
    const one = await removeOne(tx, id, writing, gone);
    if (one) removed.push(one);
  }
  for (const [partition, { memoryIds, isRated }] of gone) {
    await dropFound(tx, partition, memoryIds);
    if (isRated) await learnAnew(tx, partition);
  }
  return removed;
}

interface Writing {
  readonly now: Date;
  readonly keyId: string;
}

/** Of one partition. */
interface Gone {
  readonly memoryIds: Set<string>;
  isRated: boolean;
}

async function removeOne(
  tx: RecordTx,
  id: string,
  writing: Writing,
  gone: Map<string, Gone>,
): Promise<Removed | undefined> {
  const [memory] = await tx.get("memory", [[id]]);
  if (!memory) return undefined;
  const memoryIds = [id];
  let count = 1;
  let seq = tx.change(partitionOf(memory.userId), {
    op: "forgotten",
    memoryId: id,
    version: memory.version,
    memories: -1,
  });
  const { isRated } = await removeRows(tx, memory);
  note(gone, memory, isRated);
  for (const reference of await referencesOf(tx, id)) {
    if (reference.type === "mergedInto") {
      const merged = await removeOne(tx, reference.targetId, writing, gone);
      memoryIds.push(...(merged?.memoryIds ?? []));
      count += merged?.count ?? 0;
      seq = merged?.seq ?? seq;
    } else {
      const restored = reference.type === "supersedes" ? await reinstate(tx, reference, writing) : undefined;
      if (restored) memoryIds.push(restored.id);
      seq = restored?.seq ?? seq;
    }
  }
  // Last, since what replaced this memory now replaces what it had replaced.
  for (const reference of await referencesTo(tx, id, { undone: true })) remove(tx, reference);
  for (const { type, targetId } of await tx.range({ table: "reference", prefix: [id], limit: 1_000 }))
    tx.remove("reference", [id, type, targetId]);
  return { seq, memoryIds, count };
}

function remove(
  tx: RecordTx,
  { memoryId, type, targetId }: { memoryId: string; type: string; targetId: string },
): void {
  tx.remove("reference", [memoryId, type, targetId]);
}

/** A memory with more ratings leaves the oldest behind, which name nothing but its id. */
const MOST_RATINGS = 10_000;

async function removeRows(tx: RecordTx, memory: Memory): Promise<{ readonly isRated: boolean }> {
  const owner = { partition: partitionOf(memory.userId), entities: memory.entities ?? [] };
  const entities = await readEntityRows(tx, [owner]);
  entities.discount(memory);
  entities.write();
  removeFacts(tx, memory);
  const ratings = await tx.find({ index: "feedbackByMemory", anyOf: [[memory.id]], limit: MOST_RATINGS });
  for (const { partition, id } of ratings) tx.remove("feedback", [partition, id]);
  tx.remove("memory", [memory.id]);
  await removeChunks(tx, memory);
  const versions = await tx.range({ table: "version", prefix: [memory.id], limit: memory.version });
  for (const { version } of versions) tx.remove("version", [memory.id, version]);
  return { isRated: ratings.length > 0 };
}

function note(gone: Map<string, Gone>, { id, userId }: Memory, isRated: boolean): void {
  const partition = partitionOf(userId);
  const here = gone.get(partition) ?? { memoryIds: new Set<string>(), isRated: false };
  here.memoryIds.add(id);
  here.isRated ||= isRated;
  gone.set(partition, here);
}
