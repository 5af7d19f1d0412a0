/** Queries that also ask which cues each text shows: their ids stand beside the terms' with weight 0, so scores stay as they are. */

import type { SparseVector } from "@nexus/core";
import { type Cue, CUES, cueTermId } from "@nexus/text";
import type { SearchContext } from "./source.ts";

export interface MarkedQuery {
  readonly sparse: SparseVector;
  /** The cues of a hit as bits, in the order of `CUES`. */
  cuesOf(matched: Float32Array | undefined): number;
}

export function markedQuery({ ids, weights }: SparseVector): MarkedQuery {
  const weightOf = new Map(cueIds().map((id) => [id, 0]));
  ids.forEach((id, i) => weightOf.set(id, weights[i] ?? 0));
  const all = Uint32Array.from(weightOf.keys()).sort();
  const places = new Map(Array.from(all, (id, place) => [id, place]));
  const cues = cueIds().map((id) => places.get(id) ?? 0);
  return {
    sparse: { ids: all, weights: Float32Array.from(all, (id) => weightOf.get(id) ?? 0) },
    cuesOf: (matched) =>
      matched ? cues.reduce((bits, place, bit) => ((matched[place] ?? 0) > 0 ? bits | (1 << bit) : bits), 0) : 0,
  };
}

/** Which of these memories ask something. */
export async function questionsAmong(
  { scope, vectors, filter }: Pick<SearchContext, "scope" | "vectors" | "filter">,
  among: readonly string[],
): Promise<ReadonlySet<string>> {
  const sparse = { ids: Uint32Array.of(cueTermId("question")), weights: Float32Array.of(1) };
  const limit = among.length * MAX_CHUNKS;
  const hits = await vectors.search(scope, { by: { sparse }, filter, among, limit, beside: 0 });
  return new Set(hits.filter(({ score }) => score > 0).map(({ memoryId }) => memoryId));
}

/** Chunks of one memory that may speak for it. */
const MAX_CHUNKS = 3;

/** Cues as bits. */
export function cueBits(cues: readonly Cue[]): number {
  return cues.reduce((bits, cue) => bits | (1 << CUES.indexOf(cue)), 0);
}

let known: readonly number[] | undefined;

function cueIds(): readonly number[] {
  return (known ??= CUES.map(cueTermId));
}
