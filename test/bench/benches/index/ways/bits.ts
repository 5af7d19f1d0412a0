/** One bit for each dimension: the scan beside a scalar f32 scan of the same rows, its size, and recall after rescoring. */

import { less, type Row } from "../../../harness/bench.ts";
import { consume, interleaved, median } from "../../../harness/measure.ts";
import { K, leastWith, recallAt, search, type Subject } from "./subject.ts";

const RESCORED = [10, 12, 16, 20, 28, 40, 56, 80, 112, 160, 224, 320, 448];

export async function bits(subject: Subject): Promise<Row[]> {
  const { dataset, context } = subject;
  const enough = leastWith(subject, RESCORED, (rescore) => ({ plan: "binary", rescore }));
  const bare = { plan: "binary", rescore: K } as const;
  const [scan, rescored, scalar] = await interleaved(
    [
      { name: "binary", run: search(subject, bare) },
      { name: "rescored", run: search(subject, enough) },
      { name: "scalar", run: (i) => scalarScan(subject, i) },
    ],
    { warmUp: 3, rounds: context.size(60, 3) },
  );
  const rival = { rival: "scalar f32 scan of the same rows", rivalValue: median(scalar!) };
  const about = { bench: "index-ways", case: `${dataset.name}; one bit for each dimension` };
  return [
    {
      ...about,
      metric: `whole search, ${K} rescored`,
      value: median(scan!),
      unit: "ms",
      ...less(median(scan!), rival),
      recallAt10: recallAt(subject, bare, dataset.questions),
    },
    {
      ...about,
      metric: `whole search, ${enough.rescore} rescored`,
      value: median(rescored!),
      unit: "ms",
      ...less(median(rescored!), rival),
      recallAt10: recallAt(subject, enough, dataset.questions),
    },
    {
      ...about,
      metric: "code of one vector",
      value: dataset.dimension / 8,
      unit: "B",
      ...less(dataset.dimension / 8, { rival: "f32", rivalValue: dataset.dimension * 4 }),
    },
  ];
}

/** The inner product with every row, the best one kept. */
function scalarScan({ dataset }: Subject, i: number): void {
  const { rows, queries, dimension, count } = dataset;
  const { vectors } = rows;
  const query = queries.vectors.slice((i % dataset.questions) * dimension, ((i % dataset.questions) + 1) * dimension);
  let best = -Infinity;
  for (let row = 0, at = 0; row < count; row++) {
    let sum = 0;
    for (let j = 0; j < dimension; j++) sum += query[j]! * vectors[at++]!;
    if (sum > best) best = sum;
  }
  consume(best);
}
