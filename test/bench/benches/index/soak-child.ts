/** The process of the soak: rows replaced and queries asked until the time is up. */

import { seeded } from "../../../support/random.ts";
import { vectorOf } from "../../datasets/dataset.ts";
import { clustered } from "../../datasets/generate.ts";
import type { DenseSegment } from "@nexus/index/dense";
import { emptySegment, rowsOf } from "./ours.ts";

export interface SoakTask {
  /** Rows that are live at any time. */
  readonly count: number;
  readonly dimension: number;
  readonly seconds: number;
  readonly intervals: number;
}

/** Counts since the beginning. */
export interface SoakPoint {
  readonly inserted: number;
  readonly deleted: number;
  readonly asked: number;
  readonly residentBytes: number;
  readonly indexBytes: number;
  readonly queriesPerSecond: number;
  /** Deleted rows among what was found. */
  readonly wrong: number;
  /** recall@10 of the graph against the exact plan of the same segment. */
  readonly recall: number;
}

const K = 10;
/** Rows replaced before queries are asked again. */
const REPLACED = 50;
const ASKED = 100;

process.once("message", (task: SoakTask) => {
  run(task);
  process.disconnect();
});

function run({ count, dimension, seconds, intervals }: SoakTask): void {
  const { rows, queries } = clustered({ count: 2 * count, questions: 500, dimension });
  const random = seeded(7);
  const segment = emptySegment(dimension);
  const live: number[] = [];
  const isLive = new Set<number>();
  let next = 0;
  const insert = (): void => {
    const row = segment.add(vectorOf(rows, next++ % (2 * count)));
    live.push(row);
    isLive.add(row);
  };
  const remove = (): void => {
    const place = Math.floor(random() * live.length);
    const row = live[place]!;
    live[place] = live.at(-1)!;
    live.pop();
    isLive.delete(row);
    segment.remove(row);
  };
  while (live.length < count) insert();
  segment.link();
  let [deleted, asked, wrong] = [0, 0, 0];
  const filled = next;
  for (let interval = 0; interval < intervals; interval++) {
    const end = performance.now() + (seconds * 1_000) / intervals;
    let [askedHere, searching] = [0, 0];
    while (performance.now() < end) {
      for (let i = 0; i < REPLACED; i++) {
        remove();
        insert();
        deleted++;
      }
      segment.link();
      const started = performance.now();
      for (let i = 0; i < ASKED; i++) {
        const query = vectorOf(queries, asked++ % 500);
        // Half by the planner, half by the graph, which deletes are hardest for.
        const plan = i % 2 === 0 ? "auto" : "graph";
        const found = segment.search(query, { k: K, plan });
        for (let j = 0; j < found.count; j++) wrong += Number(!isLive.has(found.rows[j]!));
        askedHere++;
      }
      searching += performance.now() - started;
    }
    for (let i = 0; i < 3; i++) globalThis.gc?.();
    process.send?.({
      inserted: next - filled,
      deleted,
      asked,
      residentBytes: process.memoryUsage().rss,
      indexBytes: segment.bytes,
      queriesPerSecond: (1_000 * askedHere) / searching,
      wrong,
      recall: interval === intervals - 1 ? recallOf(segment, queries.vectors, dimension) : Number.NaN,
    } satisfies SoakPoint);
    wrong = 0;
  }
}

function recallOf(segment: DenseSegment, queries: Float32Array, dimension: number): number {
  let hits = 0;
  const questions = 200;
  for (let i = 0; i < questions; i++) {
    const query = queries.subarray(i * dimension, (i + 1) * dimension);
    const exact = new Set(rowsOf(segment.search(query, { k: K, plan: "exact" })));
    const found = rowsOf(segment.search(query, { k: K, plan: "graph", efSearch: 128 }));
    hits += found.filter((row) => exact.has(row)).length;
  }
  return hits / (questions * K);
}
