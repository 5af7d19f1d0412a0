/** Source `dense`: memories whose vectors are close to the query's, by the built-in model and by a deep one where there is one. */

import type { VectorHit } from "@nexus/core";
import type { DenseQuery, Evidence, SearchContext, Source } from "./source.ts";

export const denseSource: Source = {
  name: "dense",
  timeoutMs: 20,
  async find(context) {
    const { dense, deep } = context;
    const [shallow, far] = await Promise.all([nearest(context, dense), deep ? nearest(context, deep) : []]);
    return {
      evidence: [
        ...shallow.map(({ score, ...hit }): Evidence => ({ ...known(hit), cosine: score })),
        ...far.map(({ score, ...hit }): Evidence => ({ ...known(hit), deepCosine: score })),
      ],
    };
  },
};

async function nearest(
  { scope, vectors, filter, limits, among }: SearchContext,
  dense: DenseQuery,
): Promise<readonly VectorHit[]> {
  // A query without a word is near to nothing.
  if (dense.values.every((value) => value === 0)) return [];
  return await vectors.search(scope, { by: { dense }, filter, among, limit: limits.dense });
}

function known({ payload, chunkIndex }: Omit<VectorHit, "score">): Pick<Evidence, "payload" | "chunkIndex"> {
  return { payload, chunkIndex };
}
