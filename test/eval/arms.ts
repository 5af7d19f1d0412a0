/** Each search source by itself, straight from the vector store: what it finds before anything is fused. */

import { EVERYTHING, type TenantScope, type VectorQuery } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { queryTerms } from "@nexus/text";
import { weigh } from "../../packages/memory/src/recall/plan.ts";
import type { Corpus } from "./eval-set.ts";
import { K, type Product } from "./product.ts";

export type Arm = "dense" | "sparse";
export const ARMS: readonly Arm[] = ["dense", "sparse"];

/** Memories have several chunks at most; this many points hold K memories. */
const POINTS = 4 * K;

/** Ids of the best items by cosine alone or by BM25 alone. */
export async function rankByArm(
  { memories: { stores, embedding } }: Product,
  corpus: Corpus,
  query: string,
  arm: Arm,
): Promise<string[]> {
  const [scope] = systemScopes("test", [corpus.id]) as [TenantScope];
  const by = arm === "dense" ? await denseQuery(query) : await sparseQuery(query);
  const hits = await stores.vectors.search(scope, { by, filter: EVERYTHING, limit: POINTS });
  const ids = [...new Set(hits.map(({ memoryId }) => memoryId))].slice(0, K);
  const rows = await stores.records.reader(scope).get(
    "memory",
    ids.map((id) => [id]),
  );
  return rows.map((row) => row?.externalId ?? "");

  async function denseQuery(text: string): Promise<VectorQuery["by"]> {
    const { name, dimension } = embedding.builtIn.describe();
    const [values = new Float32Array(dimension)] = await embedding.builtIn.embed([text], { role: "query" });
    return { dense: { name, values } };
  }

  async function sparseQuery(text: string): Promise<VectorQuery["by"]> {
    const terms = queryTerms(text);
    const ids = Uint32Array.from(terms, ({ id }) => id);
    return { sparse: weigh(terms, await stores.vectors.terms(scope, ids)).sparse };
  }
}
