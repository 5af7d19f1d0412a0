/** What the search sources know for each question, gathered once, so that settings can be tried without searching again. */

import { EVERYTHING, type TenantScope } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import { createHashingEmbedder } from "@nexus/embed";
import type { RecallRequest } from "@nexus/memory";
import { analyse, route, type Route } from "@nexus/router";
import { queryTerms } from "@nexus/text";
import { type FactorContext, halfLifeOf } from "../../../packages/memory/src/fusion/factors.ts";
import { type Candidate, complete, completions, join } from "../../../packages/memory/src/fusion/join.ts";
import { filterOf, LIMITS_BY_PATH, weigh } from "../../../packages/memory/src/recall/plan.ts";
import { denseSource } from "../../../packages/memory/src/sources/dense.ts";
import { sessionSource } from "../../../packages/memory/src/sources/session.ts";
import type { Finding, SearchContext, Source } from "../../../packages/memory/src/sources/source.ts";
import { sparseSource } from "../../../packages/memory/src/sources/sparse.ts";
import type { Corpus, Question } from "../eval-set.ts";
import { K, memoryId, type Product, USER } from "../product.ts";

/** The candidates that one path gathers, and all that their factors depend on but the settings. */
interface Pool {
  readonly candidates: readonly Candidate[];
  readonly context: Omit<FactorContext, "settings">;
}

export interface Collected {
  readonly corpus: string;
  readonly question: Question;
  readonly route: Route;
  readonly pools: Readonly<Record<"smart" | "full", Pool>>;
  /** Item by memory. */
  readonly items: ReadonlyMap<string, string>;
}

const embedder = createHashingEmbedder({ dimension: 256 });

export async function collect(product: Product, corpus: Corpus): Promise<Collected[]> {
  const items = new Map(corpus.items.map(({ id }) => [memoryId(corpus.id, id), id]));
  const collected: Collected[] = [];
  for (const question of corpus.questions) {
    const { complexity } = analyse(question.text);
    collected.push({
      corpus: corpus.id,
      question,
      route: route("auto", complexity),
      pools: {
        smart: await pool(product, corpus, question.text, "smart"),
        full: await pool(product, corpus, question.text, "full"),
      },
      items,
    });
  }
  return collected;
}

/** The read path up to fusion, as packages/memory/src/recall/search.ts walks it. */
async function pool(product: Product, corpus: Corpus, query: string, path: "smart" | "full"): Promise<Pool> {
  const { vectors } = product.memories.stores;
  const [scope] = systemScopes("test", [corpus.id]) as [TenantScope];
  const { name, dimension, unrelatedCosine } = embedder.describe();
  const terms = queryTerms(query);
  const [values = new Float32Array(dimension)] = await embedder.embed([query]);
  const { sparse, ceiling } = weigh(
    terms,
    await vectors.terms(
      scope,
      Uint32Array.from(terms, ({ id }) => id),
    ),
  );
  const filter = filterOf(requestOf(query, corpus.askedAt));
  const context: SearchContext = {
    scope,
    vectors,
    filter,
    dense: { name, values },
    sparse,
    limits: LIMITS_BY_PATH[path],
  };
  const findings = await findAll([denseSource, sparseSource, sessionSource], context);
  const joined = join(findings);
  complete(joined, await findAll(completions(joined, findings), context));
  const candidates = [...joined.values()];
  const at = corpus.askedAt.getTime();
  const { words } = analyse(query);
  return { candidates, context: { ceiling, words, unrelatedCosine, at, halfLifeMs: halfLifeOf(candidates, at) } };
}

async function findAll(sources: readonly Source[], context: SearchContext): Promise<Map<Source["name"], Finding>> {
  return new Map(await Promise.all(sources.map(async (source) => [source.name, await source.find(context)] as const)));
}

function requestOf(query: string, asOf: Date): RecallRequest {
  return {
    query,
    userId: USER,
    asOf,
    k: K,
    mode: "auto",
    minScore: 0,
    filter: EVERYTHING,
    maxStalenessMs: 0,
    budgetMs: 60_000,
    explain: false,
  };
}
