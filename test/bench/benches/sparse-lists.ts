/** The inverted lists alone: pruned beside exhaustive search at growing sizes, what is read, held and allocated. */

import { getHeapStatistics } from "node:v8";
import type { SparseVector } from "@nexus/core";
import { documentVector, guessLanguage, queryTerms } from "@nexus/text";
import { Best, type Scored } from "../../../packages/index/src/sparse/best.ts";
import { SparseIndex } from "../../../packages/index/src/sparse/sparse-index.ts";
import { weigh } from "../../../packages/memory/src/recall/plan.ts";
import { type Context, less, type Row } from "../harness/bench.ts";
import { memoriesOf, queriesOf } from "../harness/corpus.ts";
import { consume, interleaved, median } from "../harness/measure.ts";

const SIZES = [1_000, 10_000, 100_000] as const;
const RESULTS = [10, 100] as const;
const QUERIES = 400;
/** Points taken out and put back. */
const UPDATES = 2_000;
/** Queries between two looks at the heap: few enough that the collector seldom runs in between. */
const BATCH = 200;

type Search = (query: SparseVector) => readonly Scored[];

const precedes = (a: number, b: number): boolean => a < b;

export async function listRows(context: Context): Promise<Row[]> {
  const rows: Row[] = [];
  const all = memoriesOf(context.size(SIZES[2], 2_000)).map(({ content, speaker }) =>
    documentVector(content, { language: guessLanguage(content).language, speaker }),
  );
  const times = new Map<string, { size: number; value: number }[]>();
  for (const size of SIZES.filter((size) => size <= all.length)) {
    const about = { bench: "sparse", case: `${size} turns, lists only` };
    context.progress(about.case);
    const vectors = all.slice(0, size);
    const { index, rows: built } = build(vectors);
    rows.push(...built.map((row) => ({ ...about, ...row })));
    const queries = weighed(index, size);
    for (const k of RESULTS) {
      const metric = `top ${k}, median`;
      const [pruned, exhaustive] = searches(index, k);
      const samples = await interleaved(
        [pruned, exhaustive].map((search, i) => ({
          name: ["pruned", "exhaustive"][i]!,
          // Half a round apart: the one must not find in the cache what the other has just read.
          run: (call: number) => search(queries[(call + (i * QUERIES) / 2) % QUERIES]!).length,
        })),
        { warmUp: QUERIES, rounds: context.size(1_200, 40), calls: 5 },
      );
      const [value, rivalValue] = samples.map((one) => 1_000 * median(one));
      rows.push({
        ...about,
        metric,
        unit: "µs",
        value: value!,
        ...less(value!, { rival: "all postings", rivalValue: rivalValue! }),
      });
      rows.push({
        ...about,
        metric: `top ${k}, postings read`,
        value: readShare(index, pruned, queries),
        unit: "share",
      });
      rows.push({
        ...about,
        metric: `top ${k}, equal to all postings`,
        value: equalShare(pruned, exhaustive, queries),
        unit: "share",
      });
      rows.push({
        ...about,
        metric: `top ${k}, allocated per query, result included`,
        value: allocated(pruned, queries),
        unit: "B",
      });
      const series = times.get(metric) ?? [];
      times.set(metric, [...series, { size, value: value! }]);
    }
  }
  for (const [metric, series] of times) rows.push(...exponents(metric, series));
  return rows;
}

/** Fills an index; then takes points out and puts them back, so that their slots are used again. */
function build(vectors: readonly SparseVector[]): {
  index: SparseIndex;
  rows: Pick<Row, "metric" | "value" | "unit">[];
} {
  const index = new SparseIndex();
  const filling = timed(() => vectors.forEach((vector, slot) => index.add(slot, vector)));
  const postings = vectors.reduce((sum, { ids }) => sum + ids.length, 0);
  const held = index.bytes / postings;
  const slots = Array.from({ length: UPDATES }, (_, i) => (i * 7_919) % vectors.length);
  const distinct = [...new Set(slots)];
  const removing = timed(() => distinct.forEach((slot) => index.remove(slot)));
  const adding = timed(() => distinct.forEach((slot) => index.add(slot, vectors[slot]!)));
  return {
    index,
    rows: [
      { metric: "postings a point", value: postings / vectors.length, unit: "" },
      { metric: "all points added", value: filling, unit: "ms" },
      { metric: "one point removed", value: (1_000 * removing) / distinct.length, unit: "µs" },
      { metric: "one point added in a slot used before", value: (1_000 * adding) / distinct.length, unit: "µs" },
      { metric: "resident, per posting", value: held, unit: "B" },
    ],
  };
}

function weighed(index: SparseIndex, points: number): SparseVector[] {
  return queriesOf(QUERIES).map((text) => {
    const terms = queryTerms(text);
    return weigh(terms, { points, frequencies: Uint32Array.from(terms, ({ id }) => index.frequency(id)) }).sparse;
  });
}

function searches(index: SparseIndex, k: number): [pruned: Search, exhaustive: Search] {
  const options = { k, accept: () => true, precedes };
  const best = new Best();
  const offer = (slot: number, score: number): void => {
    if (best.admits(slot, score)) best.add(slot, score);
  };
  return [
    (query) => index.top(query, options),
    (query) => {
      best.reset(k, precedes);
      index.scan(query, offer);
      return best.take();
    },
  ];
}

function readShare(index: SparseIndex, search: Search, queries: readonly SparseVector[]): number {
  let [read, cost] = [0, 0];
  for (const query of queries) {
    consume(search(query).length);
    read += index.read;
    cost += index.cost(query);
  }
  return read / cost;
}

function equalShare(a: Search, b: Search, queries: readonly SparseVector[]): number {
  return queries.filter((query) => JSON.stringify(a(query)) === JSON.stringify(b(query))).length / queries.length;
}

/** Median over batches, so that one in which the collector ran does not count. */
function allocated(search: Search, queries: readonly SparseVector[]): number {
  const batches = Float64Array.from({ length: 25 }, (_, batch) => {
    const before = getHeapStatistics().used_heap_size;
    for (let i = 0; i < BATCH; i++) consume(search(queries[(batch * BATCH + i) % queries.length]!).length);
    return (getHeapStatistics().used_heap_size - before) / BATCH;
  });
  return median(batches.sort());
}

/** p of time ~ sizeᵖ between neighbouring sizes. */
function exponents(metric: string, series: readonly { size: number; value: number }[]): Row[] {
  return series.slice(1).map(({ size, value }, i) => {
    const before = series[i]!;
    return {
      bench: "sparse",
      case: `${before.size} → ${size} turns, lists only`,
      metric: `growth exponent of ${metric}`,
      value: Math.log(value / before.value) / Math.log(size / before.size),
      unit: "",
    };
  });
}

/** Milliseconds. */
function timed(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}
