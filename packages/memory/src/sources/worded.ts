/** Memories that share words with the query, searched for once for all the sources that ask. */

import type { SparseVector, VectorHit } from "@nexus/core";
import type { SearchContext } from "./source.ts";

/** Turns looked at on either side; a third adds nothing (own/show recall@10 .557 against .559). */
const REACH = 2;

/** By the query's terms, which are weighed anew for each request, and by how many are wanted: another path wants more. */
const asked = new WeakMap<SparseVector, Map<number, Promise<readonly VectorHit[]>>>();

/** Best first, as many as the most demanding source wants, with the memories beside them where the store tells. */
export async function wordedHits(context: SearchContext): Promise<readonly VectorHit[]> {
  const { sparse, limits } = context;
  const most = Math.max(limits.sparse, limits.session);
  const searches = asked.get(sparse) ?? new Map<number, Promise<readonly VectorHit[]>>();
  asked.set(sparse, searches);
  let hits = searches.get(most);
  if (!hits) searches.set(most, (hits = search(context, most)));
  return await hits;
}

async function search(
  { scope, vectors, filter, sparse, limits }: SearchContext,
  most: number,
): Promise<readonly VectorHit[]> {
  if (sparse.ids.length === 0) return [];
  const { beside } = (await vectors.describe(scope)).supports;
  const wanted = beside ? { limit: most, beside: REACH } : { limit: limits.sparse };
  return await vectors.search(scope, { by: { sparse }, filter, ...wanted });
}
