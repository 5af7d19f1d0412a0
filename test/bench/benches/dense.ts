/** Exact dense search: the index with wasm kernels beside the same index in plain JavaScript. */

import { EVERYTHING, type VectorHit } from "@nexus/core";
import { createVectorIndex, type VectorIndex } from "@nexus/index";
import { createReferenceIndex } from "@nexus/index/reference";
import { loadKernels } from "@nexus/kernels";
import { type Bench, less, type Row } from "../harness/bench.ts";
import { queriesOf } from "../harness/corpus.ts";
import { interleaved, latencyRows, median } from "../harness/measure.ts";
import { embedder, pointsOf } from "../harness/points.ts";

export const dense: Bench = {
  name: "dense",
  about: "exact dense search for 10 of 10,000 × 256, wasm kernels beside plain JavaScript, with recall@10",
  async run(context) {
    const count = context.size(10_000, 1_000);
    const { points } = await pointsOf(count);
    const fast = createVectorIndex({ kernels: loadKernels() });
    const scalar = createVectorIndex();
    const reference = createReferenceIndex();
    for (const index of [fast, scalar, reference]) index.upsert(points);
    const vectors = await embedder.embed(queriesOf(200));
    const search = (index: Pick<VectorIndex, "search">, i: number): VectorHit[] =>
      index.search({
        by: { dense: { name: embedder.describe().name, values: vectors[i % vectors.length]! } },
        filter: EVERYTHING,
        limit: 10,
      });
    const [ours, plain] = await interleaved(
      [
        { name: "wasm", run: (i) => search(fast, i).length },
        { name: "scalar", run: (i) => search(scalar, i).length },
      ],
      { warmUp: 20, rounds: context.size(400, 20) },
    );
    const recallAt10 = agreement(vectors.slice(0, 20).map((_, i) => [search(fast, i), search(reference, i)]));
    const about = { bench: "dense", case: `exact, ${count} × 256` };
    const value = median(ours!);
    const bytes = { residentBytes: fast.describe().bytes };
    const rows: Row[] = [
      {
        ...about,
        metric: "queries per second, from the median",
        value: 1_000 / value,
        unit: "1/s",
        ...less(value, { rival: "scalar JavaScript", rivalValue: median(plain!) }),
        rivalValue: 1_000 / median(plain!),
        recallAt10,
        ...bytes,
      },
      ...latencyRows(about, ours!),
    ];
    return rows;
  },
};

/** Share of the second lists' hits that the first ones hold. */
function agreement(pairs: readonly (readonly VectorHit[])[][]): number {
  let found = 0;
  let all = 0;
  for (const [ours = [], exact = []] of pairs) {
    const ids = new Set(ours.map(({ memoryId }) => memoryId));
    found += exact.filter(({ memoryId }) => ids.has(memoryId)).length;
    all += exact.length;
  }
  return found / all;
}
