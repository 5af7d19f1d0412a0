/** Source `sparse`: memories that share words with the query, by BM25. */

import type { Source } from "./source.ts";

export const sparseSource: Source = {
  name: "sparse",
  timeoutMs: 10,
  async find({ scope, vectors, filter, sparse, limits, among }) {
    if (sparse.ids.length === 0) return { evidence: [] };
    const hits = await vectors.search(scope, { by: { sparse }, filter, among, limit: limits.sparse });
    return { evidence: hits.map(({ payload, chunkIndex, score }) => ({ payload, chunkIndex, bm25: score })) };
  },
};
