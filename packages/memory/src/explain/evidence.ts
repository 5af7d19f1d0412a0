/** What ties a memory to a query: words, turns around it, names, and what bears on it since. */

import { allOf, equals, type EntityType, type Memory, type ReferenceType, type TenantScope } from "@nexus/core";
import { matchSpans, nameKey, type QueryTerm, queryTerms, words } from "@nexus/text";
import type { Dependencies } from "../dependencies.ts";
import { referencesTo } from "../remember/links.ts";

export interface Evidence {
  /** Every word of the query that counts, with where the memory has it: UTF-16 offsets, end exclusive. */
  readonly terms: readonly { readonly term: string; readonly spans: readonly { start: number; end: number }[] }[];
  /** Turns up to two places before (negative) or after it that have words of the query. */
  readonly neighbours: readonly { readonly id: string; readonly offset: number; readonly terms: readonly string[] }[];
  /** What the memory mentions and the query names. */
  readonly entities: readonly { readonly id: string; readonly name: string; readonly type: EntityType }[];
  /** What replaced it, took it in, or may have replaced it. */
  readonly replacedBy: readonly { readonly id: string; readonly type: ReferenceType }[];
}

/** Spans shown of one term. */
const MAX_SPANS = 16;
const REACH = 2;
/** Turns of the session that are looked at, those with most of the query's words. */
const MAX_TURNS = 500;

export async function evidenceOf(
  scope: TenantScope,
  query: string,
  memory: Memory,
  deps: Pick<Dependencies, "records" | "vectors">,
): Promise<Evidence> {
  const terms = queryTerms(query);
  const [neighbours, references] = await Promise.all([
    neighboursOf(scope, terms, memory, deps),
    referencesTo(deps.records.reader(scope), memory.id),
  ]);
  return {
    terms: termsOf(terms, memory),
    neighbours,
    entities: namedIn(query, memory),
    replacedBy: references.map(({ memoryId, type }) => ({ id: memoryId, type })),
  };
}

function termsOf(terms: readonly QueryTerm[], { content, language }: Memory): Evidence["terms"] {
  const found = matchSpans(content, language, new Set(terms.map(({ id }) => id)));
  return [...Map.groupBy(terms, ({ word }) => word)].map(([term, same]) => {
    const ids = new Set(same.map(({ id }) => id));
    const spans = found.filter((span) => ids.has(span.term)).map(({ start, end }) => ({ start, end }));
    return { term, spans: spans.slice(0, MAX_SPANS) };
  });
}

async function neighboursOf(
  scope: TenantScope,
  terms: readonly QueryTerm[],
  { id, userId, sessionId }: Memory,
  { vectors }: Pick<Dependencies, "vectors">,
): Promise<Evidence["neighbours"]> {
  if (sessionId === undefined || terms.length === 0) return [];
  const sparse = { ids: Uint32Array.from(terms, (term) => term.id), weights: new Float32Array(terms.length).fill(1) };
  const filter = allOf(equals("sessionId", sessionId), equals("userId", userId ?? null));
  const hits = await vectors.search(scope, { by: { sparse }, filter, limit: MAX_TURNS, beside: REACH });
  const neighbours = hits.flatMap(({ memoryId, matched, beside }) => {
    const own = beside?.find(({ payload }) => payload.id === id);
    const has = terms.flatMap(({ word }, i) => ((matched?.[i] ?? 0) > 0 ? [word] : []));
    return own ? [{ id: memoryId, offset: -own.offset, terms: [...new Set(has)] }] : [];
  });
  return neighbours.sort((a, b) => a.offset - b.offset);
}

function namedIn(query: string, { entities = [] }: Memory): Evidence["entities"] {
  const spaced = (text: string): string =>
    ` ${words(text)
      .map((word) => word.text)
      .join(" ")} `;
  const asked = spaced(nameKey(query));
  return entities
    .filter(({ name }) => asked.includes(spaced(nameKey(name))))
    .map(({ id, name, type }) => ({ id, name, type }));
}
