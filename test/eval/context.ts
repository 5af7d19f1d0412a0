/** How much of the evidence a context holds: what POST /api/context puts before a model, by its budget of tokens. */

import { EVERYTHING, LIMITS, type TenantScope } from "@nexus/core";
import { systemScopes } from "@nexus/core/authority";
import type { Context } from "@nexus/memory";
import type { Corpus, EvalSet, Question } from "./eval-set.ts";
import { metricsOf } from "./metrics.ts";
import { IDLE, openProduct, type Product, USER } from "./product.ts";
import type { QualityRow } from "./quality/row.ts";
import { locomoSets } from "./sets/locomo.ts";
import { ownSets } from "./sets/own.ts";

const BUDGETS = [500, 1_000, 2_000, 4_000];
const TRIES = 10;

/** What one context held of the evidence for its question. */
interface Held {
  readonly recall: number;
  readonly tokens: number;
  readonly items: number;
}

interface Answered {
  /** recall@10 of a search for the same question. */
  readonly search: number;
  readonly byBudget: readonly Held[];
}

/** By set and budget: evidence recall, beside recall@10 of a search, and tokens used. LoCoMo only where ../shared/data has it. */
export async function contextRows(): Promise<QualityRow[]> {
  const sets = [...ownSets(), ...(locomoSets() ?? [])];
  const product = await openProduct(sets.flatMap(({ corpora }) => corpora));
  const rows: QualityRow[] = [];
  for (const set of sets) rows.push(...rowsOf(set.name, await answer(product, set)));
  await product.close();
  return rows;
}

async function answer(product: Product, { corpora }: EvalSet): Promise<Answered[]> {
  const answered: Answered[] = [];
  for (const corpus of corpora) {
    await product.load(corpus, () => undefined);
    for (const question of corpus.questions) {
      const { results } = await product.ask(corpus, question);
      const found = results.map(({ externalId }) => externalId ?? "");
      const byBudget: Held[] = [];
      for (const maxTokens of BUDGETS) byBudget.push(await hold(product, corpus, question, maxTokens));
      answered.push({ search: metricsOf(found, question.evidence)["recall@10"], byBudget });
    }
  }
  return answered;
}

async function hold(product: Product, corpus: Corpus, { text, evidence }: Question, maxTokens: number): Promise<Held> {
  const context = await contextFor(product, corpus, text, maxTokens);
  if (context.totalTokens > maxTokens) throw new Error(`[eval] ${context.totalTokens} tokens in ${maxTokens}`);
  const [scope] = systemScopes("test", [corpus.id]) as [TenantScope];
  const rows = await product.memories.stores.records.reader(scope).get(
    "memory",
    context.items.map(({ id }) => [id]),
  );
  const held = new Set(rows.map((row) => row?.externalId));
  const count = evidence.filter((id) => held.has(id)).length;
  return { recall: count / evidence.length, tokens: context.totalTokens, items: context.items.length };
}

/** throws  when a source is skipped again and again: the numbers would depend on how busy the machine was */
async function contextFor({ memories }: Product, corpus: Corpus, query: string, maxTokens: number): Promise<Context> {
  const [scope] = systemScopes("test", [corpus.id]) as [TenantScope];
  for (let tries = 0; tries < TRIES; tries++) {
    const context = await memories.memory.context(scope, {
      query,
      userId: USER,
      maxTokens,
      levels: ["immediate", "recent", "longTerm"],
      filter: EVERYTHING,
      maxStalenessMs: 0,
      budgetMs: LIMITS.maxBudgetMs,
    });
    if (context.skipped.every(({ source }) => source !== undefined && IDLE.has(source))) return context;
  }
  throw new Error(`[eval] ${corpus.id}: a source was skipped ${TRIES} times; run on a quieter machine`);
}

function rowsOf(name: string, answered: readonly Answered[]): QualityRow[] {
  const set = `context ${name}`;
  const samples = answered.length;
  const baseline = mean(answered.map(({ search }) => search));
  return BUDGETS.flatMap((budget, i) => {
    const held = answered.flatMap(({ byBudget }) => byBudget[i] ?? []);
    const recall = mean(held.map((one) => one.recall));
    return [
      {
        set,
        metric: `evidence recall at ${budget} tokens`,
        value: recall,
        baseline,
        rival: "recall@10 of a search",
        samples,
      },
      { set, metric: `tokens used of ${budget}`, value: mean(held.map(({ tokens }) => tokens)), samples },
      { set, metric: `memories in ${budget} tokens`, value: mean(held.map(({ items }) => items)), samples },
    ];
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
