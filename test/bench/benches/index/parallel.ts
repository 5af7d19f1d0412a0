/** The graph built, and searched, by one thread and by two over the same shared memory. */

import { Worker } from "node:worker_threads";
import { createDenseSegment, type DenseSegment } from "@nexus/index/dense";
import { createSegmentThread } from "@nexus/index/node";
import { Scratch } from "../../../../packages/index/src/segment/scratch.ts";
import { type Dataset, datasetOf, K, recallOf, vectorOf } from "../../datasets/dataset.ts";
import type { Bench, Row } from "../../harness/bench.ts";
import type { ParallelAnswer, ParallelTask } from "./parallel-worker.ts";

const EF_SEARCH = 64;

export const parallel: Bench = {
  name: "index-parallel",
  about: "build and search of 20,000 × 384 by two threads beside one, in shared memory",
  async run(context) {
    const count = context.size(20_000, 2_000);
    const dataset = await datasetOf({ kind: "clustered", count, dimension: 384, questions: 200 });
    if (!dataset) return [];
    const about = { bench: "index-parallel", case: `clustered, ${count} × 384` };
    const built: Built[][] = [[], []];
    const asked: number[][] = [[], []];
    // In turns, so that what the machine does beside is shared.
    for (let round = 0; round < context.size(3, 1); round++) {
      for (const threads of [1, 2]) built[threads - 1]!.push(await build(dataset, threads));
    }
    const segment = built[0]![0]!.segment;
    for (let round = 0; round < context.size(3, 1); round++) {
      for (const threads of [1, 2]) {
        asked[threads - 1]!.push(await queriesPerSecond(segment, dataset, { threads, context }));
      }
    }
    const [one, two] = built.map((some) => middle(some.map(({ seconds }) => seconds))) as [number, number];
    const [alone, both] = asked.map(middle) as [number, number];
    const recalls = built.map((some) => some[0]!.recall) as [number, number];
    const rows: Row[] = [
      {
        ...about,
        metric: "rows linked, 2 threads",
        value: count / two,
        unit: "1/s",
        rival: "1 thread",
        rivalValue: count / one,
        ratio: one / two,
        recallAt10: recalls[1],
      },
      { ...about, metric: "recall@10 of the graph that 1 thread built", value: recalls[0], unit: "" },
      {
        ...about,
        metric: "queries, 2 threads",
        value: both,
        unit: "1/s",
        rival: "1 thread",
        rivalValue: alone,
        ratio: both / alone,
      },
    ];
    return rows;
  },
};

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

interface Built {
  readonly segment: DenseSegment;
  readonly seconds: number;
  readonly recall: number;
}

async function build(dataset: Dataset, threads: number): Promise<Built> {
  const thread = createSegmentThread({ threads });
  const { rows, queries, dimension, count, questions } = dataset;
  // Threads start and compile before the clock does.
  await link(thread.attach(filled(dimension, 256, (i) => vectorOf(rows, i))));
  const segment = filled(dimension, count, (i) => vectorOf(rows, i));
  const started = performance.now();
  await link(thread.attach(segment));
  const seconds = (performance.now() - started) / 1_000;
  await thread.close();
  let recall = 0;
  for (let i = 0; i < questions; i++) {
    const hits = segment.search(vectorOf(queries, i), { k: K, plan: "graph", efSearch: EF_SEARCH });
    recall += recallOf(dataset, i, hits.rows.subarray(0, hits.count)) / questions;
  }
  return { segment, seconds, recall };
}

function filled(dimension: number, count: number, vector: (i: number) => Float32Array): DenseSegment {
  const segment = createDenseSegment({ dimension });
  for (let i = 0; i < count; i++) segment.add(vector(i));
  return segment;
}

async function link(attached: { work(): Promise<boolean> }): Promise<void> {
  while (await attached.work());
}

async function queriesPerSecond(
  segment: DenseSegment,
  { queries, questions, dimension }: Dataset,
  { threads, context }: { readonly threads: number; readonly context: { size(full: number, quick: number): number } },
): Promise<number> {
  const answers = Array.from({ length: threads }, (_, number) => {
    const { columns, memory, module, m, efConstruction } = segment;
    const scratch = new Scratch(memory, columns, { dimension, m, efConstruction });
    scratch.fitRows(columns.rows);
    const task: ParallelTask = {
      place: { number, module, memory: memory.memory, segmentAt: columns.segmentAt, scratchAt: scratch.at },
      codeBytes: columns.codeBytes,
      queryAt: scratch.query,
      queries: queries.vectors.slice(0, questions * dimension),
      dimension,
      k: K,
      efSearch: EF_SEARCH,
      ms: context.size(3_000, 200),
    };
    const worker = new Worker(new URL("parallel-worker.ts", import.meta.url));
    return new Promise<ParallelAnswer>((resolve, reject) => {
      worker.once("error", reject);
      worker.once("message", (answer: ParallelAnswer) => {
        resolve(answer);
        void worker.terminate();
      });
      worker.postMessage(task);
    });
  });
  return (await Promise.all(answers)).reduce((sum, one) => sum + one, 0);
}
