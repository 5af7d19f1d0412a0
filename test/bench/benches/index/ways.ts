/** What our index does beside plain search: batches, filters, bits, prefixes; and what a query costs. */

import { type Dataset, datasetOf } from "../../datasets/dataset.ts";
import { embedOnce } from "../../datasets/real.ts";
import type { Bench, Context, Row } from "../../harness/bench.ts";
import { segmentOf } from "./ours.ts";
import { batches } from "./ways/batches.ts";
import { bits } from "./ways/bits.ts";
import { costs } from "./ways/costs.ts";
import { filters } from "./ways/filters.ts";
import { prefixes } from "./ways/prefixes.ts";

export const ways: Bench = {
  name: "index-ways",
  about: "batch of 16, filters, binary and prefix search with recall@10, garbage and distances per query",
  steps: (context) => [{ what: "ours alone, real vectors or else clustered ones", seconds: context.size(120, 4) }],
  async run(context) {
    if (context.scale !== "quick") embedOnce();
    const dataset = await subject(context);
    context.progress(`${dataset.name}: building`);
    const segment = segmentOf(dataset.rows);
    segment.link();
    const rows: Row[] = [];
    for (const part of [batches, filters, bits, prefixes, costs]) {
      context.progress(`${dataset.name}: ${part.name}`);
      const own = await part({ segment, dataset, context });
      context.show(own);
      rows.push(...own);
    }
    return rows;
  },
};

async function subject(context: Context): Promise<Dataset> {
  const spec = { count: context.size(100_000, 2_000), dimension: 384, questions: context.size(1_000, 50) };
  const dataset = (await datasetOf({ ...spec, kind: "real" })) ?? (await datasetOf({ ...spec, kind: "clustered" }));
  return dataset!;
}
