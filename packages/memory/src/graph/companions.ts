/** Which memories name an entity, and which entities they name with it. */

import { allOf, type Entity, equals, type Memory, SHARED_PARTITION, type TenantScope } from "@nexus/core";
import { entityTermId } from "@nexus/text";
import { present } from "../recall/plan.ts";
import { hasExpired } from "../subject.ts";
import type { Companion, GraphDependencies } from "./graph-service.ts";

/** Points looked at to tell which memories are the newest. */
const MAX_HITS = 2_000;
/** Companions whose own rows are read. */
const MAX_COMPANIONS = 100;
const MAX_IDS = 10;

/** The newest `most` memories that name it, newest first. Cost: one search of the index, one read by key. */
export async function memoriesNaming(
  scope: TenantScope,
  { partition, id, nameKey }: Entity,
  most: number,
  { records, vectors, clock }: GraphDependencies,
): Promise<Memory[]> {
  const sparse = { ids: Uint32Array.of(entityTermId(nameKey)), weights: Float32Array.of(1) };
  const now = clock.now();
  const filter = allOf(equals("userId", partition === SHARED_PARTITION ? null : partition), present(now));
  const hits = await vectors.search(scope, { by: { sparse }, filter, limit: MAX_HITS });
  const times = new Map(hits.map(({ payload }) => [payload.id, payload.createdAt]));
  const newest = [...times].sort(([, a], [, b]) => b - a).slice(0, most);
  const rows = await records.reader(scope).get(
    "memory",
    newest.map(([memoryId]) => [memoryId]),
  );
  // A name may stand for a person and a place: the index knows names only.
  return rows.filter(
    (row): row is Memory =>
      row !== undefined && !hasExpired(row, now) && (row.entities ?? []).some((one) => one.id === id),
  );
}

/** Most often named together first, of the memories given. */
export async function companionsOf(
  scope: TenantScope,
  entity: Entity,
  memories: readonly Memory[],
  { records }: GraphDependencies,
): Promise<Companion[]> {
  const shared = new Map<string, string[]>();
  for (const memory of memories) {
    for (const id of new Set((memory.entities ?? []).map((one) => one.id))) {
      if (id !== entity.id) shared.set(id, [...(shared.get(id) ?? []), memory.id]);
    }
  }
  const most = [...shared].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1)).slice(0, MAX_COMPANIONS);
  const rows = await records.reader(scope).get(
    "entity",
    most.map(([id]) => [entity.partition, id]),
  );
  return most.flatMap(([, ids], i) => {
    const row = rows[i];
    const strength = Math.min(1, ids.length / Math.sqrt(entity.frequency * (row?.frequency ?? 1)));
    return row ? [{ entity: row, count: ids.length, strength, memoryIds: ids.slice(0, MAX_IDS) }] : [];
  });
}
