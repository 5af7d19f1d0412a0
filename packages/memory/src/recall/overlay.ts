/** The vector store as it will be once pending changes are applied, so that a lagging projection is never visible. */

import {
  EVERYTHING,
  matches,
  type SparseVector,
  type TenantScope,
  type VectorHit,
  type VectorPoint,
  type VectorQuery,
} from "@nexus/core";
import type { Dependencies } from "../dependencies.ts";
import type { Projector } from "../remember/project.ts";
import type { Searched } from "../sources/source.ts";

/** Points that the changed memories may have in the index; more than they ever have. */
const MAX_POINTS = 100_000;

/**
 * Hits and term statistics of the `changed` memories come from their rows, scored as the index would. Only the places
 * of pending memories beside others in their session are not known before they are applied.
 *
 * cost  nothing when nothing changed; else two reads by key, and a pass over the changed points for each search
 */
export async function overlay(
  scope: TenantScope,
  changed: readonly string[],
  termIds: Uint32Array,
  { vectors, records, projector }: Pick<Dependencies, "vectors" | "records"> & { readonly projector: Projector },
): Promise<Searched> {
  if (changed.length === 0) return vectors;
  const terms = { ids: termIds, weights: new Float32Array(termIds.length) };
  const [rows, outdated] = await Promise.all([
    records.reader(scope).get(
      "memory",
      changed.map((id) => [id]),
    ),
    vectors.search(scope, { by: { sparse: terms }, filter: EVERYTHING, among: changed, limit: MAX_POINTS }),
  ]);
  const points = await projector.load(
    scope,
    rows.filter((row) => row !== undefined),
  );
  const stale = new Set(changed);
  return {
    async search(scope, query) {
      const indexed = await vectors.search(scope, { ...query, limit: query.limit + outdated.length });
      const pending = points.flatMap((point) => hitOf(point, query) ?? []);
      return [...indexed.filter(({ memoryId }) => !stale.has(memoryId)), ...pending]
        .sort((a, b) => b.score - a.score || (a.pointId < b.pointId ? -1 : 1))
        .slice(0, query.limit)
        .map((hit) => ({ ...hit, beside: hit.beside?.filter(({ payload }) => !stale.has(payload.id)) }));
    },
    async terms(scope, ids) {
      const { points: count, frequencies } = await vectors.terms(scope, ids);
      const counted = Uint32Array.from(frequencies);
      const add = (matched: Float32Array | undefined, by: number): void =>
        matched?.forEach((weight, i) => (counted[i] = (counted[i] ?? 0) + (weight > 0 ? by : 0)));
      // What the changed points had of these terms: known for the query's own, asked for others.
      const former =
        ids === termIds
          ? outdated
          : await vectors.search(scope, {
              by: { sparse: { ids, weights: new Float32Array(ids.length) } },
              filter: EVERYTHING,
              among: changed,
              limit: MAX_POINTS,
            });
      for (const { matched } of former) add(matched, -1);
      for (const { sparse } of points) add(matchedOf(sparse, ids), 1);
      return { points: count - outdated.length + points.length, frequencies: counted };
    },
    describe: (scope) => vectors.describe(scope),
  };
}

/** The point as the index would find it, if it would. */
function hitOf(point: VectorPoint, { by, filter, among }: VectorQuery): VectorHit | undefined {
  const { pointId, chunkIndex, payload, vectors, sparse } = point;
  if (!matches(payload, filter) || (among && !among.includes(payload.id))) return undefined;
  const hit = { pointId, memoryId: payload.id, chunkIndex, payload };
  if ("dense" in by) {
    const values = vectors[by.dense.name];
    return values && { ...hit, score: dot(values, by.dense.values) / (Math.hypot(...by.dense.values) || 1) };
  }
  const matched = matchedOf(sparse, by.sparse.ids);
  if (!among && !matched.some((weight) => weight > 0)) return undefined;
  return { ...hit, matched, score: dot(matched, by.sparse.weights) };
}

/** The weight of each id of the query. Both sides ascend by id: one merge. */
function matchedOf({ ids, weights }: SparseVector, wanted: Uint32Array): Float32Array {
  let at = 0;
  return Float32Array.from(wanted, (id) => {
    while (at < ids.length && (ids[at] ?? 0) < id) at++;
    return ids[at] === id ? (weights[at] ?? 0) : 0;
  });
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
