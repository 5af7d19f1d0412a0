/** What E1 beside E0 costs a search: the same queries of one tenant with its vectors and of another without. */

import { existsSync } from "node:fs";
import { importModel } from "@nexus/embed/node";
import { MODEL } from "../datasets/minilm.ts";
import { type Bench, type Context, less, type Row } from "../harness/bench.ts";
import { memoriesOf, queriesOf } from "../harness/corpus.ts";
import { interleaved, percentile } from "../harness/measure.ts";
import { openProduct, type Product, recallOf, toNew } from "../harness/product.ts";

const MODELS_DIR = ".build/bench/models";
const BATCH = 100;

export const recallDeep: Bench = {
  name: "recall-deep",
  about: "smart and full paths with E1 beside E0 and without, 5,000 memories; filling, memories a second",
  steps: (context) => [{ what: "5,000 memories given E1's vectors", seconds: context.size(60, 10) }],
  async run(context) {
    if (!existsSync(MODEL)) return [];
    await importModel(MODEL, { modelsDir: MODELS_DIR, id: "e1", at: new Date().toISOString() });
    const product = await openProduct({ NEXUS_MODELS_DIR: MODELS_DIR });
    const count = context.size(5_000, 300);
    for (const tenant of ["deep", "plain"]) await load(product, tenant, count);
    const { background, memory } = product.memories;
    const started = performance.now();
    await background.sweep(product.scope("deep"));
    const fillSeconds = (performance.now() - started) / 1_000;
    const { active } = await memory.models(product.scope("deep"));
    if (!active) throw new Error("[bench] E1 was not taken into use");
    const rows: Row[] = [
      {
        bench: "recall-deep",
        case: `filling ${count} memories with E1's vectors`,
        metric: "memories a second, writing and indexing included",
        value: count / fillSeconds,
        unit: "1/s",
      },
    ];
    for (const mode of ["fast", "auto"] as const) rows.push(...(await paths(product, mode, context)));
    await product.close();
    return rows;
  },
};

async function load(product: Product, tenant: string, count: number): Promise<void> {
  const memories = memoriesOf(count).map(toNew);
  for (let from = 0; from < memories.length; from += BATCH)
    await product.memories.memory.remember(product.writer(tenant), memories.slice(from, from + BATCH));
}

/** `fast` stays on the smart path; `auto` goes on to full where it is unsure. */
async function paths(product: Product, mode: "fast" | "auto", context: Context): Promise<Row[]> {
  const { memory } = product.memories;
  const queries = queriesOf(1_600, mode === "fast" ? 3 : 4);
  let skipped = 0;
  const ask = async (tenant: string, i: number): Promise<number> => {
    const response = await memory.recall(product.scope(tenant), recallOf(queries[i % queries.length] ?? "", mode));
    skipped += Number(response.skipped.some(({ source }) => source === "model"));
    return response.results.length;
  };
  const cases = ["deep", "plain"].map((tenant) => ({ name: tenant, run: (i: number) => ask(tenant, i) }));
  const [deep, plain] = await interleaved(cases, { warmUp: context.size(100, 5), rounds: context.size(1_000, 20) });
  const about = {
    bench: "recall-deep",
    case: mode === "fast" ? "smart path, distinct queries" : "mode auto, distinct queries",
  };
  return [
    ...[0.5, 0.95].map((share): Row => {
      const [value, rivalValue] = [deep, plain].map((one) => percentile(one ?? new Float64Array(), share));
      return {
        ...about,
        metric: `p${100 * share} with E1`,
        value: value ?? Number.NaN,
        unit: "ms",
        ...less(value ?? Number.NaN, { rival: "E0 alone", rivalValue: rivalValue ?? Number.NaN }),
      };
    }),
    { ...about, metric: "answers without E1, for want of time", value: skipped, unit: "answers" },
  ];
}
