/** What the search sources know for each question, gathered once, so that settings can be tried without searching again. */

import { EVERYTHING, type TenantScope } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import type { RecallRequest } from "@nexus/memory";
import { analyse, choosePath } from "@nexus/router";
import { queryTerms } from "@nexus/text";
import { type FactorContext, halfLifeOf } from "../../../packages/memory/src/fusion/factors.ts";
import { type Candidate, complete, completions, join } from "../../../packages/memory/src/fusion/join.ts";
import {
  askedOf,
  domainsOf,
  filterOf,
  LIMITS_BY_PATH,
  namesIn,
  type SearchPath,
  weigh,
} from "../../../packages/memory/src/recall/plan.ts";
import { vectorNameOf } from "../../../packages/memory/src/models/generations.ts";
import { denseSource } from "../../../packages/memory/src/sources/dense.ts";
import { graphSource } from "../../../packages/memory/src/sources/graph.ts";
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
  /** The paths that are walked in turn while confidence is low. */
  readonly paths: readonly SearchPath[];
  readonly pools: Readonly<Record<SearchPath, Pool>>;
  /** Item by memory. */
  readonly items: ReadonlyMap<string, string>;
}

export const SOURCES: readonly Source[] = [denseSource, sparseSource, sessionSource, graphSource];

/** `sources`: those that search, all of the product's by default. */
export async function collect(
  product: Product,
  corpus: Corpus,
  sources: readonly Source[] = SOURCES,
): Promise<Collected[]> {
  const items = new Map(corpus.items.map(({ id }) => [memoryId(corpus.id, id), id]));
  const collected: Collected[] = [];
  for (const question of corpus.questions) {
    collected.push({
      corpus: corpus.id,
      question,
      paths: pathsOf(question.text),
      pools: {
        smart: await pool(product, corpus, question.text, { path: "smart", sources }),
        full: await pool(product, corpus, question.text, { path: "full", sources }),
        maximum: await pool(product, corpus, question.text, { path: "maximum", sources }),
      },
      items,
    });
  }
  return collected;
}

/** As packages/memory/src/recall/pipeline.ts climbs. */
function pathsOf(query: string): SearchPath[] {
  const { first, last } = choosePath(analyse(query), "auto");
  const place = (path: typeof first): number => SEARCHES.indexOf(path === "cache_only" ? "smart" : path);
  return SEARCHES.slice(place(first), place(last) + 1);
}

const SEARCHES: readonly SearchPath[] = ["smart", "full", "maximum"];

interface PoolOptions {
  readonly path: SearchPath;
  readonly sources: readonly Source[];
}

/** The read path up to fusion, as packages/memory/src/recall/search.ts walks it. */
async function pool(product: Product, corpus: Corpus, query: string, { path, sources }: PoolOptions): Promise<Pool> {
  const { stores, embedding, memory } = product.memories;
  const { vectors } = stores;
  const [scope] = systemScopes("test", [corpus.id]) as [TenantScope];
  const { name, dimension, unrelatedCosine } = embedding.builtIn.describe();
  const terms = queryTerms(query);
  const [values = new Float32Array(dimension)] = await embedding.builtIn.embed([query], { role: "query" });
  const { active } = await memory.models(scope);
  const deepModel = active && (await embedding.deep.of(active.model));
  const [deepValues] = deepModel ? await deepModel.embed([query], { role: "query" }) : [];
  const deepUnrelatedCosine = deepModel?.describe().unrelatedCosine;
  const deep =
    active && deepValues && deepUnrelatedCosine !== undefined
      ? { name: vectorNameOf(active), values: deepValues, unrelatedCosine: deepUnrelatedCosine }
      : undefined;
  const { sparse, ceiling } = weigh(
    terms,
    await vectors.terms(
      scope,
      Uint32Array.from(terms, ({ id }) => id),
    ),
  );
  const filter = filterOf(requestOf(query, corpus.askedAt), corpus.askedAt.getTime());
  const context: SearchContext = {
    scope,
    vectors,
    filter,
    dense: { name, values },
    deep,
    sparse,
    names: namesIn(query),
    limits: LIMITS_BY_PATH[path],
  };
  const findings = await findAll(sources, context);
  const joined = join(findings);
  complete(joined, await findAll(completions(joined, findings, context), context));
  const candidates = [...joined.values()];
  const at = corpus.askedAt.getTime();
  const { words } = analyse(query);
  const known = {
    ceiling,
    words,
    ...askedOf(query, at),
    domains: domainsOf(query),
    unrelatedCosine,
    deepUnrelatedCosine,
    at,
  };
  return { candidates, context: { ...known, halfLifeMs: halfLifeOf(candidates, at) } };
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
