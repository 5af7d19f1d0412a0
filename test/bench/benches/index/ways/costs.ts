/** What a query leaves on the JavaScript heap, and how many rows it is compared with. */

import { PerformanceObserver } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { vectorOf } from "../../../datasets/dataset.ts";
import { less, type Row } from "../../../harness/bench.ts";
import { median } from "../../../harness/measure.ts";
import { K, leastWith, recallAt, type Subject, type Way } from "./subject.ts";

const PLANS = ["exact", "binary", "graph"] as const;
const TRIES = 5;
const EF = [16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];

export async function costs(subject: Subject): Promise<Row[]> {
  const graph = leastWith(subject, EF, (efSearch) => ({ plan: "graph", efSearch }));
  const rows: Row[] = [];
  for (const plan of PLANS) {
    const way = plan === "graph" ? graph : { plan };
    rows.push(await garbage(subject, way), ...distances(subject, way));
  }
  return rows;
}

/** Bytes that queries leave behind: growth of the heap over queries during which nothing was collected; the median of five tries. */
async function garbage({ segment, dataset, context }: Subject, way: Way): Promise<Row> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const options = { ...way, k: K };
  // Views of the queries are the caller's garbage, so they are made before.
  const queries = Array.from({ length: dataset.questions }, (_, i) => vectorOf(dataset.queries, i));
  const run = (count: number): void => {
    for (let i = 0; i < count; i++) segment.search(queries[i % queries.length]!, options);
  };
  run(context.size(200, 20));
  const tries: number[] = [];
  for (let count = context.size(500, 50); tries.length < TRIES && count > 0;) {
    const bytes = await grown(() => run(count), collect);
    if (bytes === undefined) count >>= 1;
    else tries.push(bytes / count);
  }
  return {
    bench: "index-ways",
    case: `${dataset.name}; plan ${way.plan}`,
    metric: "garbage on the JavaScript heap per query",
    value: median(Float64Array.from(tries).sort()),
    unit: "B",
  };
}

/** Undefined when something was collected meanwhile. */
async function grown(work: () => void, collect: () => void): Promise<number | undefined> {
  collect();
  let collections = 0;
  const observer = new PerformanceObserver((list) => (collections += list.getEntries().length));
  observer.observe({ entryTypes: ["gc"] });
  const before = process.memoryUsage().heapUsed;
  work();
  const after = process.memoryUsage().heapUsed;
  // The observer hears of collections in a later turn.
  await setTimeout(1);
  observer.disconnect();
  return collections === 0 ? Math.max(0, after - before) : undefined;
}

function distances(subject: Subject, way: Way): Row[] {
  const { segment, dataset } = subject;
  let [distances, estimates] = [0, 0];
  for (let i = 0; i < dataset.questions; i++) {
    const found = segment.search(vectorOf(dataset.queries, i), { ...way, k: K });
    distances += found.distances / dataset.questions;
    estimates += found.estimates / dataset.questions;
  }
  const label = way.efSearch === undefined ? "" : `, ef ${way.efSearch}`;
  const about = { bench: "index-ways", case: `${dataset.name}; plan ${way.plan}${label}` };
  return [
    {
      ...about,
      metric: "distances computed in full per query",
      value: distances,
      unit: "rows",
      ...less(distances, { rival: "all rows", rivalValue: dataset.count }),
      recallAt10: recallAt(subject, way, dataset.questions),
    },
    { ...about, metric: "rows judged by their bits per query", value: estimates, unit: "rows" },
    ...(estimates > distances && way.plan === "graph"
      ? [
          {
            ...about,
            // A row is judged, or scored, or both: without the bits all of them would be scored.
            metric: "distances that bits spare at this ef, at least",
            value: 100 * (1 - distances / estimates),
            unit: "%",
          },
        ]
      : []),
  ];
}
