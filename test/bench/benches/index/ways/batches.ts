/** Sixteen queries in one call beside sixteen calls. */

import { vectorOf } from "../../../datasets/dataset.ts";
import { less, type Row } from "../../../harness/bench.ts";
import { interleaved, median } from "../../../harness/measure.ts";
import { rowsOf } from "../ours.ts";
import { K, type Subject, search, type Way } from "./subject.ts";

const BATCH = 16;
const PLANS: readonly Way[] = [{}, { plan: "exact" }, { plan: "binary" }, { plan: "graph" }];

export async function batches(subject: Subject): Promise<Row[]> {
  const { segment, dataset, context } = subject;
  const { dimension, queries } = dataset;
  const blocks = Math.floor(dataset.questions / BATCH);
  const many = (i: number, way: Way): Uint32Array => {
    const from = (i % blocks) * BATCH * dimension;
    return segment.searchMany(queries.vectors.subarray(from, from + BATCH * dimension), { ...way, k: K }).rows;
  };
  const rows: Row[] = [];
  for (const way of PLANS) {
    const single = search(subject, way);
    const [together, apart] = await interleaved(
      [
        { name: "batch", run: (i) => many(i, way).length },
        {
          name: "single",
          run(i) {
            for (let j = 0; j < BATCH; j++) single((i % blocks) * BATCH + j);
          },
        },
      ],
      { warmUp: 2, rounds: context.size(40, 3) },
    );
    const found = many(0, way).slice();
    let same = 0;
    for (let j = 0; j < BATCH; j++) {
      const alone = rowsOf(segment.search(vectorOf(queries, j), { ...way, k: K }));
      for (const [rank, row] of alone.entries()) same += Number(found[j * K + rank] === row);
    }
    rows.push({
      bench: "index-ways",
      case: `${dataset.name}; batch of ${BATCH}, plan ${way.plan ?? "auto"}`,
      metric: `queries per second; ${((100 * same) / (BATCH * K)).toFixed(1)} % the same rows`,
      ...less(median(together!), { rival: "one at a time", rivalValue: median(apart!) }),
      value: (1_000 * BATCH) / median(together!),
      unit: "1/s",
      rivalValue: (1_000 * BATCH) / median(apart!),
    });
  }
  return rows;
}
