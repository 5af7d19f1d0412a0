/** Sources that see some memories only: a neighbour's candidates, scored for another query. */

import type { Source } from "../sources/source.ts";

/** Chunks of one memory that may speak for it. */
const MAX_CHUNKS = 3;

/** Sources that can are asked about these memories alone, however low they score; of what the others find the rest is left out. */
export function among(sources: readonly Source[], ids: readonly string[]): Source[] {
  const wanted = new Set(ids);
  return sources.map((source) => ({
    ...source,
    async find(context) {
      const reach = ids.length * MAX_CHUNKS;
      const limits = {
        ...context.limits,
        dense: Math.max(context.limits.dense, reach),
        sparse: Math.max(context.limits.sparse, reach),
      };
      const finding = await source.find({ ...context, among: ids, limits });
      return { ...finding, evidence: finding.evidence.filter(({ payload }) => wanted.has(payload.id)) };
    },
  }));
}
