/** Source `sparse`: memories that share words with the query, by BM25. */

import { markedQuery } from "./cues.ts";
import type { Source } from "./source.ts";
import { wordedHits } from "./worded.ts";

export const sparseSource: Source = {
  name: "sparse",
  timeoutMs: 10,
  async find(context) {
    const { scope, vectors, filter, sparse, limits, among } = context;
    if (among) {
      // Of memories that are named it also tells the cues. Searched for, their long lists would double the cost.
      const query = markedQuery(sparse);
      const hits = await vectors.search(scope, { by: { sparse: query.sparse }, filter, among, limit: limits.sparse });
      return {
        evidence: hits.map(({ payload, chunkIndex, score, matched }) => ({
          payload,
          chunkIndex,
          bm25: score,
          cues: query.cuesOf(matched),
        })),
      };
    }
    const hits = (await wordedHits(context)).slice(0, limits.sparse);
    return { evidence: hits.map(({ payload, chunkIndex, score }) => ({ payload, chunkIndex, bm25: score })) };
  },
};
