/** One thread of the parallel bench: searches a segment of another thread's memory for a while. */

import { parentPort } from "node:worker_threads";
import { instantiate } from "../../../../packages/index/src/segment/instance.ts";
import type { SegmentPlace } from "../../../../packages/index/src/segment/thread-protocol.ts";

export interface ParallelTask {
  readonly place: SegmentPlace;
  readonly codeBytes: number;
  readonly queryAt: number;
  /** [n · dimension] */
  readonly queries: Float32Array;
  readonly dimension: number;
  readonly k: number;
  readonly efSearch: number;
  readonly ms: number;
}

/** Queries a second. */
export type ParallelAnswer = number;

parentPort!.on("message", ({ place, codeBytes, queryAt, queries, dimension, k, efSearch, ms }: ParallelTask) => {
  const wasm = instantiate(place.module, place.memory, () => true);
  wasm.attach(place.segmentAt, place.scratchAt);
  const query = new Float32Array(place.memory.buffer, queryAt, dimension);
  const count = queries.length / dimension;
  const search = (i: number): void => {
    const at = (i % count) * dimension;
    query.set(queries.subarray(at, at + dimension));
    wasm.prepareQuery(codeBytes);
    wasm.searchGraph(efSearch);
    wasm.rescore(k, efSearch, 1);
  };
  for (let i = 0; i < 500; i++) search(i);
  const started = performance.now();
  let searches = 0;
  while (performance.now() - started < ms) for (let i = 0; i < 50; i++) search(searches++);
  const answer: ParallelAnswer = (1_000 * searches) / (performance.now() - started);
  parentPort!.postMessage(answer);
});
