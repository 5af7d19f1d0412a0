/** The vectors of results as they are stored, to compare results with each other. */

import type { RecordReader } from "@nexus/core";
import { pointId } from "../remember/prepare.ts";
import { GENERATION } from "../remember/rows.ts";
import type { Hydrated } from "./hydrate.ts";

/** By memory, that of the chunk that matched best. One read by key; memories whose vector is not stored yet are left out. */
export async function vectorsOf(
  kept: readonly Hydrated[],
  vectorName: string,
  reader: RecordReader,
): Promise<Map<string, Float32Array>> {
  const rows = await reader.get(
    "vector",
    kept.map(({ memory, fused }) => [pointId(memory.id, fused.candidate.chunkIndex), vectorName, GENERATION]),
  );
  return new Map(
    kept.flatMap(({ memory }, i) => {
      const row = rows[i];
      // A copy: a view needs 4-byte alignment, which bytes from a driver need not have.
      return row ? [[memory.id, new Float32Array(row.data.slice().buffer, 0, row.dimension)] as const] : [];
    }),
  );
}
