/** How time grows with rows: the exponent of a power law through three sizes. */

import { type Dataset, datasetOf } from "../../datasets/dataset.ts";
import type { Bench, Row } from "../../harness/bench.ts";
import { interleaved, median } from "../../harness/measure.ts";
import { segmentOf } from "./ours.ts";
import { leastWith, recallAt, search, type Way } from "./ways/subject.ts";

interface Point {
  readonly count: number;
  /** Of a query, by plan; of building, for each row. */
  readonly milliseconds: Readonly<Record<string, number>>;
  readonly recalls: Readonly<Record<string, number>>;
}

const EF = [16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];
const PLANS = ["auto", "exact", "binary", "graph"] as const;

export const growth: Bench = {
  name: "index-growth",
  about: "time of a query at recall@10 ≥ 0.99 and of building at 1,000, 10,000 and 100,000 × 384, and the exponents",
  steps: (context) => [{ what: "ours alone, clustered vectors", seconds: context.size(60, 3) }],
  async run(context) {
    const counts = context.scale === "quick" ? [500, 1_000, 2_000] : [1_000, 10_000, 100_000];
    const points: Point[] = [];
    for (const count of counts) {
      context.progress(`${count} rows`);
      const dataset = (await datasetOf({ kind: "clustered", count, dimension: 384, questions: 200 })) as Dataset;
      const started = performance.now();
      const segment = segmentOf(dataset.rows);
      segment.link();
      const build = (performance.now() - started) / count;
      const subject = { segment, dataset, context };
      const graph = leastWith(subject, EF, (efSearch) => ({ plan: "graph", efSearch }));
      const ways: readonly Way[] = PLANS.map((plan) => (plan === "graph" ? graph : { plan }));
      const samples = await interleaved(
        ways.map((way) => ({ name: way.plan ?? "", run: search(subject, way) })),
        { warmUp: 20, rounds: context.size(300, 10) },
      );
      const times = ways.map((way, i) => [way.plan, median(samples[i]!)] as const);
      points.push({
        count,
        milliseconds: { ...Object.fromEntries(times), "building, for each row": build },
        recalls: Object.fromEntries(ways.map((way) => [way.plan, recallAt(subject, way, dataset.questions)])),
      });
    }
    return Object.keys(points[0]!.milliseconds).flatMap((name) => rowsOf(name, points));
  },
};

function rowsOf(name: string, points: readonly Point[]): Row[] {
  const about = { bench: "index-growth", case: name.startsWith("building") ? name : `plan ${name}` };
  const times = points.map(({ milliseconds }) => milliseconds[name]!);
  return [
    ...points.map(({ count, recalls }, i): Row => {
      const recall = recalls[name];
      return {
        ...about,
        metric: `median at ${count.toLocaleString("en")} × 384`,
        value: times[i]!,
        unit: "ms",
        ...(recall !== undefined && { recallAt10: recall }),
      };
    }),
    {
      ...about,
      metric: "exponent of growth with rows",
      value: slope(
        points.map(({ count }) => count),
        times,
      ),
      unit: "",
    },
  ];
}

/** Least squares through the logarithms. */
function slope(counts: readonly number[], values: readonly number[]): number {
  const x = counts.map(Math.log);
  const y = values.map(Math.log);
  const mean = (of: readonly number[]): number => of.reduce((sum, one) => sum + one, 0) / of.length;
  const [middleX, middleY] = [mean(x), mean(y)];
  const covariance = x.reduce((sum, one, i) => sum + (one - middleX) * (y[i]! - middleY), 0);
  return covariance / x.reduce((sum, one) => sum + (one - middleX) ** 2, 0);
}
