/** Source `graph`: memories that mention what the query names, and, a hop further, those that share a name with these. */

import type { PointPayload, VectorHit } from "@nexus/core";
import { entityTermId } from "@nexus/text";
import type { Evidence, SearchContext, Source } from "./source.ts";

/** Activation that is left after a hop. */
const DAMPING = 0.5;
/** A name in more memories than this share says nothing, unless they are few. */
const COMMON_SHARE = 0.1;
const FEW = 20;
/** Names that the second hop goes over: the strongest. */
const MAX_LINKS = 16;

export const graphSource: Source = {
  name: "graph",
  timeoutMs: 20,
  async find(context) {
    const near = await spread(context, new Map((context.names ?? []).map((name) => [name, 1])));
    // That they hold a name of the query is what their BM25 says already: only a further hop adds to the score.
    const found = new Map(near.map(({ payload, link }): [string, Evidence] => [payload.id, { payload, link }]));
    if (context.limits.hops === 2) {
      for (const evidence of await spread(context, linksOf(near, context.names ?? []))) {
        if (!found.has(evidence.payload.id)) found.set(evidence.payload.id, evidence);
      }
    }
    return { evidence: [...found.values()] };
  },
};

/** Memories that mention these names, each with Σ strength/ln(e + frequency) over the names in it. */
async function spread(
  { scope, vectors, filter, limits, among }: SearchContext,
  strengths: ReadonlyMap<string, number>,
): Promise<Evidence[]> {
  const names = [...strengths.keys()].map((name) => ({ name, id: entityTermId(name) })).sort((a, b) => a.id - b.id);
  if (names.length === 0) return [];
  const { points, frequencies } = await vectors.terms(
    scope,
    Uint32Array.from(names, ({ id }) => id),
  );
  const telling = names
    .map((entry, i) => ({ ...entry, frequency: frequencies[i] ?? 0 }))
    .filter(({ frequency }) => frequency > 0 && frequency <= Math.max(FEW, COMMON_SHARE * points));
  if (telling.length === 0) return [];
  const sparse = {
    ids: Uint32Array.from(telling, ({ id }) => id),
    weights: Float32Array.from(
      telling,
      ({ name, frequency }) => (strengths.get(name) ?? 0) / Math.log(Math.E + frequency),
    ),
  };
  const hits = await vectors.search(scope, { by: { sparse }, filter, among, limit: limits.graph });
  return hits
    .filter(({ score }) => score > 0)
    .map((hit) => ({ payload: hit.payload, graph: hit.score, link: strongest(hit, sparse.weights, telling) }));
}

function strongest(
  { matched = new Float32Array(0) }: VectorHit,
  weights: Float32Array,
  names: readonly { readonly name: string }[],
): string | undefined {
  const parts = Array.from(matched, (value, i) => value * (weights[i] ?? 0));
  return names[parts.indexOf(Math.max(...parts))]?.name;
}

/** The other names in what was found, with half of the activation that they receive; 1 before that for the strongest. */
function linksOf(near: readonly Evidence[], named: readonly string[]): Map<string, number> {
  const received = new Map<string, number>();
  for (const { payload, graph = 0 } of near) {
    for (const name of othersIn(payload, named)) received.set(name, (received.get(name) ?? 0) + graph);
  }
  const top = Math.max(...received.values(), Number.MIN_VALUE);
  const links = [...received].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, MAX_LINKS);
  return new Map(links.map(([name, sum]) => [name, (DAMPING * sum) / top]));
}

function othersIn({ entities = [] }: PointPayload, named: readonly string[]): readonly string[] {
  return entities.filter((name) => !named.includes(name));
}
