/** Memories that share words with the query, searched for once for all the sources that ask. */

import type { VectorHit } from "@nexus/core";
import type { SearchContext } from "./source.ts";

/** Turns looked at on either side; a third adds nothing (own/show recall@10 .557 against .559). */
const REACH = 2;

const asked = new WeakMap<SearchContext, Promise<readonly VectorHit[]>>();

/** Best first, as many as the most demanding source wants, with the memories beside them where the store tells. */
export async function wordedHits(context: SearchContext): Promise<readonly VectorHit[]> {
  let hits = asked.get(context);
  if (!hits) asked.set(context, (hits = search(context)));
  return await hits;
}

async function search({ scope, vectors, filter, sparse, limits }: SearchContext): Promise<readonly VectorHit[]> {
  if (sparse.ids.length === 0) return [];
  const { beside } = (await vectors.describe(scope)).supports;
  const wanted = beside ? { limit: Math.max(limits.sparse, limits.session), beside: REACH } : { limit: limits.sparse };
  return await vectors.search(scope, { by: { sparse }, filter, ...wanted });
}
