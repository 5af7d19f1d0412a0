/** Our index and its rivals on one set: everyone builds, everyone is set to recall@10 ≥ 0.99, then all are timed in turns. */

import { datasetOf, nameOf, type Spec } from "../../datasets/dataset.ts";
import type { Context, Row } from "../../harness/bench.ts";
import { type Competitor, competitor } from "./children.ts";
import type { Contender } from "./contender.ts";
import { type Lane, laneOf, time } from "./lanes.ts";
import { buildRows, laneRows } from "./rows.ts";

/** Of timing, all contenders together; a block of the slowest may be a second. */
const SECONDS = 15;

/** Rows of one set; a contender or set that is not there is named in the output. */
export async function sideBySide(
  spec: Spec,
  { contenders, context }: { contenders: readonly Contender[]; context: Context },
): Promise<Row[]> {
  const dataset = await datasetOf(spec);
  if (!dataset) {
    console.log(`  skipped: ${nameOf(spec)}: no shared texts or model to make them of`);
    return [];
  }
  const competitors: Competitor[] = [];
  try {
    for (const contender of contenders) {
      context.progress(`${dataset.name}: ${contender.name} builds`);
      try {
        competitors.push(await competitor(contender, spec));
      } catch (error) {
        console.log(`  skipped: ${dataset.name}: ${contender.name}: ${(error as Error).message}`);
      }
    }
    const lanes: Lane[] = [];
    for (const one of competitors) {
      context.progress(`${dataset.name}: ${one.contender.name} is set`);
      for (const way of one.built.ways.keys()) lanes.push(await laneOf(one, way, dataset));
    }
    context.progress(`${dataset.name}: timing`);
    await time(lanes, { dataset, seconds: context.size(SECONDS, 1) });
    return [...buildRows(competitors, dataset), ...lanes.flatMap((lane) => laneRows(lane, lanes, dataset))];
  } finally {
    for (const one of competitors) one.end();
  }
}
