/** Every memory that is returned was read from the records just now, and dropped unless it still fits. */

import { type Filter, matches, type Memory, type RecordReader } from "@nexus/core";
import type { Fused } from "../fusion/fuse.ts";
import { hasExpired, payloadOf } from "../subject.ts";

export interface Hydrated {
  readonly fused: Fused;
  readonly memory: Memory;
}

/** More than k are read at once, so that a few dropped ones do not cost another round trip. */
const SPARE = 2;

/** The best `k` of a ranking that exist, are in the version that was scored, have not expired and fit the filter. */
export async function hydrate(
  ranked: readonly Fused[],
  { reader, filter, now, k }: { reader: RecordReader; filter: Filter; now: number; k: number },
): Promise<Hydrated[]> {
  const kept: Hydrated[] = [];
  for (let from = 0; from < ranked.length && kept.length < k;) {
    const part = ranked.slice(from, from + (k - kept.length) + SPARE);
    from += part.length;
    const rows = await reader.get(
      "memory",
      part.map(({ candidate }) => [candidate.payload.id]),
    );
    part.forEach((fused, i) => {
      const memory = rows[i];
      if (!memory || memory.version !== fused.candidate.payload.version || hasExpired(memory, now)) return;
      if (matches(payloadOf(memory), filter)) kept.push({ fused, memory });
    });
  }
  return kept.slice(0, k);
}
