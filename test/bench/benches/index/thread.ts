/** What building the graph costs those who wait meanwhile: searches and the event loop's delay, with the thread and without. */

import { monitorEventLoopDelay } from "node:perf_hooks";
import type { VectorPoint } from "@nexus/core";
import { EVERYTHING } from "@nexus/core";
import { createSegmentThread, createVectorIndex, type VectorIndex } from "@nexus/index/node";
import { vectorOf } from "../../datasets/dataset.ts";
import { clustered } from "../../datasets/generate.ts";
import type { Bench, Context, Row } from "../../harness/bench.ts";

const DIMENSION = 384;
/** Points written at once, as a batch of the API writes them. */
const BATCH = 100;
/** Times between two looks of the delay's monitor, in ms. */
const RESOLUTION_MS = 1;

interface Seen {
  readonly seconds: number;
  readonly searches: number;
  /** Of the event loop, in ms. */
  readonly p99: number;
  readonly most: number;
}

export const thread: Bench = {
  name: "index-thread",
  about: "event loop delay and searches while a graph over 50,000 × 384 is built, in the thread and by the writers",
  async run(context) {
    const count = context.size(50_000, 17_500);
    const { rows, queries } = clustered({ count, questions: 500, dimension: DIMENSION });
    const result: Row[] = [];
    for (const where of ["in the thread", "by the writers"] as const) {
      const worker = where === "in the thread" ? createSegmentThread() : undefined;
      const index = createVectorIndex({ thread: worker });
      const question = (i: number): Float32Array => vectorOf(queries, i % 500);
      const seen = await underLoad(index, context, { count, point: (i) => pointOf(i, vectorOf(rows, i)), question });
      await index.close();
      await worker?.close();
      const about = { bench: "index-thread", case: `${count} × ${DIMENSION}, graph built ${where}` };
      result.push(
        { ...about, metric: "event loop delay, p99", value: seen.p99, unit: "ms" },
        { ...about, metric: "event loop delay, most", value: seen.most, unit: "ms" },
        { ...about, metric: "searches meanwhile", value: seen.searches / seen.seconds, unit: "1/s" },
        { ...about, metric: "written and linked", value: count / seen.seconds, unit: "1/s" },
      );
    }
    return result;
  },
};

interface Load {
  readonly count: number;
  readonly point: (i: number) => VectorPoint;
  readonly question: (i: number) => Float32Array;
}

/** Writes batches with two searches after each, then searches on until the graph stands. */
async function underLoad(index: VectorIndex, { progress }: Context, { count, point, question }: Load): Promise<Seen> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let searches = 0;
  const search = async (): Promise<void> => {
    const values = question(searches++);
    await index.searchSoon({ by: { dense: { name: "e", values } }, filter: EVERYTHING, limit: 10 });
    await turn();
  };
  // The first calls compile code.
  for (let i = 0; i < 20; i++) await search();
  const started = performance.now();
  delay.enable();
  for (let i = 0; i < count; i += BATCH) {
    index.upsert(Array.from({ length: Math.min(BATCH, count - i) }, (_, j) => point(i + j)));
    await turn();
    await search();
    await search();
    progress(`${i} of ${count} written`);
  }
  // The graph stands once its version has not changed for a while.
  for (let version = -1; version !== index.graphVersion();) {
    version = index.graphVersion();
    const until = performance.now() + 3_000;
    while (performance.now() < until) await search();
  }
  delay.disable();
  return {
    seconds: (performance.now() - started) / 1_000,
    searches,
    p99: delay.percentile(99) / 1e6 - RESOLUTION_MS,
    most: delay.max / 1e6 - RESOLUTION_MS,
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

function pointOf(i: number, values: Float32Array): VectorPoint {
  const id = `m${i}`;
  const times = { createdAt: i, recordedAt: i, updatedAt: i };
  return {
    pointId: `p${i}`,
    chunkIndex: 0,
    vectors: { e: values },
    sparse: { ids: Uint32Array.of(1), weights: Float32Array.of(1) },
    payload: { id, addedSeq: i, version: 1, language: "en", ...times, metadata: {} },
  };
}
