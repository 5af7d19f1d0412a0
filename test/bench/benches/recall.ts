/** Searching 10,000 memories of one tenant, in process: distinct queries, which no cache can answer, and repeated ones. */

import { type Bench, type Row } from "../harness/bench.ts";
import { memoriesOf, queriesOf } from "../harness/corpus.ts";
import { interleaved, latencyRows } from "../harness/measure.ts";
import { openProduct, recallOf, toNew } from "../harness/product.ts";

export const recall: Bench = {
  name: "recall",
  about: "smart path, auto mode, cache hit, get and list in process, with 10,000 memories in one tenant",
  async run(context) {
    const count = context.size(10_000, 1_000);
    const rounds = context.size(1_000, 30);
    const warmUp = context.size(200, 10);
    const product = await openProduct();
    const { memory } = product.memories;
    const scope = product.scope("bench");
    const memories = memoriesOf(count).map(toNew);
    const ids: string[] = [];
    for (let from = 0; from < count; from += 100) {
      const { results } = await memory.remember(product.writer("bench"), memories.slice(from, from + 100));
      ids.push(...results.flatMap(({ id }) => id ?? []));
    }
    const queries = queriesOf(2 * (rounds + warmUp));
    const half = rounds + warmUp;
    let skipped = 0;
    const search = async (query: string, mode: "fast" | "auto"): Promise<number> => {
      const response = await memory.recall(scope, recallOf(query, mode));
      skipped += Number(response.skipped.length > 0);
      return response.results.length;
    };
    const hot = queriesOf(50, 9);
    for (const query of hot) await search(query, "auto");
    const cases = [
      { name: "smart path, distinct queries", run: (i: number) => search(queries[i]!, "fast") },
      { name: "auto mode, distinct queries", run: (i: number) => search(queries[half + i]!, "auto") },
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
    return [
      ...cases.flatMap(({ name }, i) => latencyRows(about(name), samples[i]!)),
      { ...about("all searches"), metric: "answers with a skipped source", value: skipped, unit: "answers" },
      { ...about("vector index"), metric: "bytes per memory", value: bytes / points, unit: "B", residentBytes: bytes },
    ] satisfies Row[];
  },
};
