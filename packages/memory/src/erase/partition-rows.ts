/** Removes what a user's partition holds beside memories: what was learnt, rated and found in them. */

import type { Entity, Memory, MentionedEntity, RecordReader, RecordTx, Reference } from "@nexus/core";
import { relearn } from "../engines/learning.ts";
import { ratedOf } from "../feedback/rating-features.ts";
import { readEntityRows } from "../remember/entity-rows.ts";
import { type Erasure, isLater, transactCounted } from "./erasure.ts";
import { goneOf, memoriesOf, pagesOf } from "./pages.ts";

/** Ratings that a profile is learnt anew from. */
const MOST = 1_000;

/** Runs after the memories are gone: what later ones have brought stays. */
export async function erasePartitionRows(erasure: Erasure): Promise<void> {
  const { scope, userId, deps, beat } = erasure;
  const reader = deps.records.reader(scope);
  const gone = await goneOf(reader, userId);
  for await (const references of referencesOf(erasure, gone)) {
    await removeKeys(erasure, (tx) => {
      for (const { memoryId, type, targetId } of references) tx.remove("reference", [memoryId, type, targetId]);
    });
  }
  await beat();
  for await (const page of pagesOf(reader, "relation", [userId])) {
    const orphans = await without(reader, page, ({ memoryId }) => memoryId);
    await removeKeys(erasure, (tx) => {
      for (const { subjectId, type, memoryId, objectId } of orphans)
        tx.remove("relation", [userId, subjectId, type, memoryId, objectId]);
    });
  }
  for await (const page of pagesOf(reader, "pattern", [userId])) {
    await removeKeys(erasure, (tx) => {
      for (const { id } of page) tx.remove("pattern", [userId, id]);
    });
  }
  await eraseFeedback(erasure);
  await renewEntities(erasure);
  await beat();
}

/** The user's references from or to a memory that is gone, undone ones too. Their keys do not name the user: the tenant's are read through. */
export async function* referencesOf(
  { scope, userId, deps, beat }: Erasure,
  gone: ReadonlySet<string>,
): AsyncGenerator<Reference[]> {
  for await (const page of pagesOf(deps.records.reader(scope), "reference")) {
    const found = page.filter(
      ({ partition, memoryId, targetId }) => partition === userId && (gone.has(memoryId) || gone.has(targetId)),
    );
    if (found.length > 0) yield found;
    await beat();
  }
}

/** Of rows, those whose memory is no more. */
export async function without<T>(reader: RecordReader, rows: readonly T[], memoryOf: (row: T) => string): Promise<T[]> {
  const memories = await reader.get(
    "memory",
    rows.map((row) => [memoryOf(row)]),
  );
  return rows.filter((_, i) => !memories[i]);
}

async function removeKeys(erasure: Erasure, remove: (tx: RecordTx) => void): Promise<void> {
  await transactCounted(erasure, async (tx) => remove(tx));
}

/** Ratings from before the request, and later ones of memories that are gone; the profile is learnt anew from the rest. */
async function eraseFeedback(erasure: Erasure): Promise<void> {
  const { scope, userId, deps } = erasure;
  const reader = deps.records.reader(scope);
  for await (const page of pagesOf(reader, "feedback", [userId])) {
    const later = page.filter(({ createdAt, memoryId }) => isLater(createdAt, erasure) && memoryId !== undefined);
    const lost = new Set(await without(reader, later, ({ memoryId }) => memoryId ?? ""));
    await removeKeys(erasure, (tx) => {
      for (const row of page)
        if (!isLater(row.createdAt, erasure) || lost.has(row)) tx.remove("feedback", [userId, row.id]);
    });
  }
  await transactCounted(erasure, async (tx) => {
    const [profile] = await tx.get("profile", [[userId]]);
    if (!profile) return;
    tx.remove("profile", [userId]);
    const rows = await tx.range({ table: "feedback", prefix: [userId], limit: MOST });
    const rated = rows.filter(({ memoryId }) => memoryId !== undefined);
    if (rated.length > 0) tx.put("profile", relearn(userId, rated.map(ratedOf), 0));
  });
}

/** An entity keeps spellings and times of every memory that ever named it: those that later memories name are made anew from these alone. */
async function renewEntities(erasure: Erasure): Promise<void> {
  const { scope, userId, deps } = erasure;
  const reader = deps.records.reader(scope);
  const found: Entity[] = [];
  for await (const page of pagesOf(reader, "entity", [userId])) found.push(...page);
  if (found.length === 0) return;
  await transactCounted(erasure, async (tx) => {
    const left: Memory[] = [];
    for await (const page of memoriesOf(tx, userId)) left.push(...page);
    const named = new Map<string, MentionedEntity>();
    for (const memory of left) for (const entity of memory.entities ?? []) named.set(entity.id, entity);
    for (const { id } of found) tx.remove("entity", [userId, id]);
    const rows = await readEntityRows(tx, [{ partition: userId, entities: [...named.values()] }]);
    for (const memory of left.toReversed()) rows.count(memory);
    rows.write();
  });
}
