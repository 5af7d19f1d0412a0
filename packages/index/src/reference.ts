/** The index in its plainest form: every point looked at, every list sorted. The oracle of the tests; not for use. */

import { matches, type PointPayload, type VectorHit, type VectorPoint, type VectorQuery } from "@nexus/core";
import { scalarDot } from "@nexus/kernels";
import { byMemory } from "./entry.ts";
import type { VectorIndex } from "./vector-index.ts";

export function createReferenceIndex(): Pick<VectorIndex, "upsert" | "remove" | "search" | "terms"> {
  const memories = new Map<string, VectorPoint[]>();
  const points = (): VectorPoint[] => [...memories.values()].flat();
  const payloadOf = (id: string): PointPayload => memories.get(id)!.at(-1)!.payload;
  return {
    upsert(batch) {
      for (const group of byMemory(batch)) memories.set(group[0]!.payload.id, group);
    },
    remove(ids) {
      for (const id of ids) memories.delete(id);
    },
    search(query) {
      return points()
        .filter(({ payload: { id } }) => matches(payloadOf(id), query.filter) && (query.among?.includes(id) ?? true))
        .flatMap((point): VectorHit[] => {
          const score = scoreOf(point, query);
          if (score === undefined) return [];
          const payload = payloadOf(point.payload.id);
          return [
            {
              pointId: point.pointId,
              memoryId: payload.id,
              chunkIndex: point.chunkIndex,
              score,
              payload,
              ...("sparse" in query.by && {
                matched: Float32Array.from(query.by.sparse.ids, (id) => weightOf(point, id) ?? 0),
              }),
              ...(query.beside !== undefined && {
                beside: besideOf(payload, [...memories.keys()].map(payloadOf), query.beside),
              }),
            },
          ];
        })
        .sort((a, b) => b.score - a.score || (a.pointId < b.pointId ? -1 : 1))
        .slice(0, query.limit);
    },
    terms: (ids) => ({
      points: points().length,
      frequencies: Uint32Array.from(ids, (id) => points().filter((point) => weightOf(point, id) !== undefined).length),
    }),
  };
}

function scoreOf(point: VectorPoint, { by, among }: VectorQuery): number | undefined {
  if ("dense" in by) {
    const values = point.vectors[by.dense.name];
    const length = Math.sqrt(scalarDot(by.dense.values, by.dense.values)) || 1;
    return values && Math.fround(scalarDot(by.dense.values, values)) * (1 / length);
  }
  let score: number | undefined = among ? 0 : undefined;
  for (const [i, id] of by.sparse.ids.entries()) {
    const weight = weightOf(point, id);
    if (weight !== undefined) score = (score ?? 0) + by.sparse.weights[i]! * weight;
  }
  return score;
}

function weightOf({ sparse }: VectorPoint, id: number): number | undefined {
  const at = sparse.ids.indexOf(id);
  return at < 0 ? undefined : sparse.weights[at];
}

function besideOf(of: PointPayload, all: readonly PointPayload[], places: number): NonNullable<VectorHit["beside"]> {
  if (of.sessionId === undefined) return [];
  const session = all
    .filter(({ userId, sessionId }) => userId === of.userId && sessionId === of.sessionId)
    .sort((a, b) => a.createdAt - b.createdAt || a.addedSeq - b.addedSeq || (a.id < b.id ? -1 : 1));
  const at = session.indexOf(of);
  return session
    .map((payload, i) => ({ payload, offset: i - at }))
    .filter(({ offset }) => offset !== 0 && Math.abs(offset) <= places);
}
