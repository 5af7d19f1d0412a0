/** The index of one tenant that survives a crash: every change is in its log before it is in memory. */

import type { TermStatistics, VectorDescription, VectorHit, VectorPoint, VectorQuery } from "@nexus/core";
import { checkPoints } from "./check.ts";
import { byMemory } from "./entry.ts";
import type { VectorLogOptions } from "./log.node.ts";
import { openVectorLog } from "./open-log.node.ts";
import { createVectorIndex, type VectorIndexOptions } from "./vector-index.ts";

export interface DurableIndexOptions
  extends VectorIndexOptions, Pick<VectorLogOptions, "path" | "owner" | "compactBytes" | "openFile"> {}

export interface DurableIndex {
  /** Throws as the index does, before anything is written, and `store.full` or `store.unavailable` with nothing changed. The points must not change until it resolves. */
  upsert(points: readonly VectorPoint[]): Promise<void>;
  remove(memoryIds: readonly string[]): Promise<void>;
  search(query: VectorQuery): VectorHit[];
  terms(ids: Uint32Array): TermStatistics;
  describe(): VectorDescription;
  close(): Promise<void>;
}

/** throws  `index.corrupt` naming the file; a tail torn by a crash is cut off and is no damage */
export async function openDurableIndex(options: DurableIndexOptions): Promise<DurableIndex> {
  const index = createVectorIndex(options);
  const log = await openVectorLog({
    ...options,
    apply: (record) => (record.kind === "upsert" ? index.upsert(record.points) : index.remove([record.memoryId])),
  });
  /** Dimensions of named vectors that writes under way will bring. */
  const promised = new Map<string, number>();
  let underway = 0;

  async function append(records: Parameters<typeof log.append>[0]): Promise<void> {
    if (records.length === 0) return;
    underway++;
    try {
      await log.append(records);
    } finally {
      if (--underway === 0) promised.clear();
    }
  }

  return {
    async upsert(points) {
      const named = checkPoints(points, { get: (name) => index.dimensions.get(name) ?? promised.get(name) });
      for (const [name, dimension] of named) promised.set(name, dimension);
      await append(byMemory(points).map((group) => ({ kind: "upsert", points: group })));
    },
    async remove(memoryIds) {
      const known = underway > 0 ? [...memoryIds] : memoryIds.filter((id) => index.has(id));
      await append([...new Set(known)].map((memoryId) => ({ kind: "remove", memoryId })));
    },
    search: (query) => index.search(query),
    terms: (ids) => index.terms(ids),
    describe: () => index.describe(),
    close: () => log.close(),
  };
}
