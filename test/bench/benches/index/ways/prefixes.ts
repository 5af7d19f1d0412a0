/** Search over the first d′ dimensions, rescored over all: recall@10 and speed. */

import type { Row } from "../../../harness/bench.ts";
import { interleaved } from "../../../harness/measure.ts";
import { recallAt, search, speed, type Subject } from "./subject.ts";

const PREFIXES = [64, 128, 256, 384];
const RESCORED = [50, 200];

export async function prefixes(subject: Subject): Promise<Row[]> {
  const { dataset, context } = subject;
  const ways = PREFIXES.flatMap((prefix) => RESCORED.map((rescore) => ({ plan: "exact", prefix, rescore }) as const));
  const samples = await interleaved(
    ways.map((way) => ({ name: String(way.prefix), run: search(subject, way) })),
    { warmUp: 3, rounds: context.size(60, 3) },
  );
  return ways.map((way, i) => ({
    bench: "index-ways",
    case: `${dataset.name}; first ${way.prefix} dimensions, ${way.rescore} rescored`,
    ...speed(samples[i]!),
    recallAt10: recallAt(subject, way, dataset.questions),
  }));
}
