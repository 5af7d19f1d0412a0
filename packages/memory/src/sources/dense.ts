/** Source `dense`: memories whose vectors are close to the query's. */

import type { Source } from "./source.ts";

export const denseSource: Source = {
  name: "dense",
  timeoutMs: 20,
  async find({ scope, vectors, filter, dense, limits, among }) {
    if (dense.values.every((value) => value === 0)) return { evidence: [] };
    const hits = await vectors.search(scope, { by: { dense }, filter, among, limit: limits.dense });
    return { evidence: hits.map(({ payload, chunkIndex, score }) => ({ payload, chunkIndex, cosine: score })) };
  },
};
