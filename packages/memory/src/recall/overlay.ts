/** Lays changes that the vector store has not seen yet over what it found, scored exactly, so that a lagging projection is never visible. */

import { matches, type SparseVector, type TenantScope, type VectorPoint } from "@nexus/core";
import { type Candidate, emptyCandidate } from "../fusion/join.ts";
import type { Projector } from "../remember/project.ts";
import type { Dependencies } from "../dependencies.ts";
import type { SearchContext } from "../sources/source.ts";

/** Replaces what the index said of the changed memories by what their rows say. */
export async function overlay(
  scope: TenantScope,
  candidates: Map<string, Candidate>,
  changed: readonly string[],
  context: SearchContext,
  { records, projector }: Pick<Dependencies, "records"> & { readonly projector: Projector },
): Promise<void> {
  if (changed.length === 0) return;
  const rows = await records.reader(scope).get(
    "memory",
    changed.map((id) => [id]),
  );
  for (const id of changed) candidates.delete(id);
  const points = await projector.load(
    scope,
    rows.filter((row) => row !== undefined),
  );
  for (const point of points) {
    if (!matches(point.payload, context.filter)) continue;
    const scored = score(point, context);
    if (scored.cosine <= 0 && scored.bm25 <= 0) continue;
    const candidate = candidates.get(point.payload.id) ?? emptyCandidate(point.payload);
    if (scored.cosine > 0) candidate.sources.add("dense");
    if (scored.bm25 > 0) candidate.sources.add("sparse");
    if (scored.bm25 >= candidate.bm25) candidate.chunkIndex = point.chunkIndex;
    candidate.cosine = Math.max(candidate.cosine, scored.cosine);
    candidate.bm25 = Math.max(candidate.bm25, scored.bm25);
    candidates.set(point.payload.id, candidate);
  }
}

function score(point: VectorPoint, { dense, sparse }: SearchContext): { cosine: number; bm25: number } {
  const values = point.vectors[dense.name];
  const cosine = values?.reduce((sum, value, i) => sum + value * (dense.values[i] ?? 0), 0) ?? 0;
  return { cosine, bm25: sparseDot(point.sparse, sparse) };
}

/** Both sides ascending by id: one merge. */
function sparseDot(a: SparseVector, b: SparseVector): number {
  let sum = 0;
  for (let i = 0, j = 0; i < a.ids.length && j < b.ids.length;) {
    const left = a.ids[i] ?? 0;
    const right = b.ids[j] ?? 0;
    if (left === right) sum += (a.weights[i++] ?? 0) * (b.weights[j++] ?? 0);
    else if (left < right) i++;
    else j++;
  }
  return sum;
}
