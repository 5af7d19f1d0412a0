/** What the index holds in memory of a memory and of each of its points. */

import type { PointPayload, VectorPoint } from "@nexus/core";

export interface MemoryEntry {
  readonly payload: PointPayload;
  readonly points: readonly PointEntry[];
}

/** A point lives in a slot: a small number that dense rows and inverted lists know it by, used again once it is free. */
export interface PointEntry {
  readonly slot: number;
  readonly pointId: string;
  readonly chunkIndex: number;
  readonly memory: MemoryEntry;
}

/** The points of a batch, a list for each memory, in the order that the memories first appear. Of two points with one id the later stays. */
export function byMemory(points: readonly VectorPoint[]): VectorPoint[][] {
  const groups = new Map<string, Map<string, VectorPoint>>();
  for (const point of points) {
    const group = groups.get(point.payload.id);
    if (!group) groups.set(point.payload.id, new Map([[point.pointId, point]]));
    else {
      group.delete(point.pointId);
      group.set(point.pointId, point);
    }
  }
  return [...groups.values()].map((group) => [...group.values()]);
}
