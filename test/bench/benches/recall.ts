/** Searching one tenant of 10,000 and of 100,000 memories, in process: each path on queries that no cache can answer, and repeated ones. */

import { analyse, choosePath } from "@nexus/router";
import { type Bench, type Context, type Row } from "../harness/bench.ts";
import { cacheableQueriesOf, memoriesOf, queriesOf } from "../harness/corpus.ts";
import { interleaved, latencyRows, median } from "../harness/measure.ts";
import { openProduct, type Product, recallOf, toNew } from "../harness/product.ts";

const SIZES: readonly number[] = [1_000, 10_000, 100_000];

export const recall: Bench = {
  name: "recall",
  about: "smart, full and maximum paths, cache hit, get and list in process, 1,000 to 100,000 memories in one tenant",
  steps: ({ scale }) =>
    scale === "quick"
      ? [{ what: "1,000 memories", seconds: 5 }]
      : [
          { what: "10,000 memories", seconds: 60 },
          { what: "100,000 memories", seconds: 300 },
        ],
  async run(context) {
    const rows: Row[] = [];
    const medians: [number, number][] = [];
    for (const count of context.scale === "quick" ? [1_000] : SIZES) {
      const { rows: own, smart } = await measure(context, count);
      context.show(own);
      rows.push(...own);
      medians.push([count, smart]);
    }
    const [small, large] = [medians[0], medians.at(-1)];
    if (small && large && large !== small) {
      const value = Math.log(large[1] / small[1]) / Math.log(large[0] / small[0]);
      rows.push({
        bench: "recall",
        case: `smart path, ${small[0]} to ${large[0]} memories`,
        metric: "growth exponent",
        value,
        unit: "",
      });
    }
    return rows;
  },
};

type Which = "fast" | "auto" | "maxAccuracy";

async function measure(context: Context, count: number): Promise<{ rows: Row[]; smart: number }> {
  const rounds = context.size(count > 10_000 ? 400 : 1_000, 30);
  const warmUp = context.size(100, 10);
  const product = await openProduct();
  const { memory } = product.memories;
  const scope = product.scope("bench");
  const ids = await load(product, count, context);
  const searched = rounds + warmUp;
  const queries = queriesOf(3 * searched);
  const hard = complexQueries(searched);
  let skipped = 0;
  const search = async (query: string, mode: Which): Promise<number> => {
    const response = await memory.recall(scope, recallOf(query, mode));
    skipped += Number(response.skipped.length > 0);
    return response.results.length;
  };
  const hot = cacheableQueriesOf(50, 9);
  for (const query of hot) await search(query, "auto");
  const cases = [
    { name: "smart path, distinct queries", run: (i: number) => search(queries[i]!, "fast") },
    { name: "auto mode, distinct queries", run: (i: number) => search(queries[searched + i]!, "auto") },
    { name: "full path, distinct queries", run: (i: number) => search(hard[i % hard.length]!, "auto") },
    { name: "maximum path, distinct queries", run: (i: number) => search(queries[2 * searched + i]!, "maxAccuracy") },
    { name: "cache hit", run: (i: number) => search(hot[i % hot.length]!, "auto") },
    { name: "get", run: (i: number) => memory.get(scope, ids[(i * 7_919) % ids.length]!) },
    {
      name: "list 50, newest first",
      run: () => memory.list(scope, { filter: { all: [] }, userId: "bench", includeSuperseded: false, limit: 50 }),
    },
  ];
  const samples = await interleaved(cases, { warmUp, rounds });
  const about = (name: string) => ({ bench: "recall", case: `${name}; ${count} memories, in process` });
  const { points, bytes } = await product.memories.stores.vectors.describe(scope);
  await product.close();
  const rows: Row[] = [
    ...cases.flatMap(({ name }, i) => latencyRows(about(name), samples[i]!)),
    { ...about("all searches"), metric: "answers with a skipped source", value: skipped, unit: "answers" },
    { ...about("vector index"), metric: "bytes per memory", value: bytes / points, unit: "B", residentBytes: bytes },
  ];
  return { rows, smart: median(samples[0]!) };
}

async function load(product: Product, count: number, context: Context): Promise<string[]> {
  const ids: string[] = [];
  const memories = memoriesOf(count).map(toNew);
  for (let from = 0; from < count; from += 100) {
    const batch = memories.slice(from, from + 100);
    const { results } = await product.memories.memory.remember(product.writer("bench"), batch);
    ids.push(...results.flatMap(({ id }) => id ?? []));
    if (from % 5_000 === 0) context.progress(`${from} of ${count} remembered`);
  }
  return ids;
}

/** Questions in two parts, which go straight to the full path. */
function complexQueries(count: number): string[] {
  const parts = queriesOf(2 * count, 4);
  const joined = parts.map((part, i) => `${part} And while ${parts[(i + count) % parts.length]}, but ${part}`);
  const complex = joined.filter((query) => choosePath(analyse(query), "auto").first === "full");
  return complex.slice(0, count);
}
