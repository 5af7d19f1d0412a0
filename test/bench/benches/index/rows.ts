/** What was measured of one set, as rows: ours beside the fastest native rival, and beside the fastest that keeps less of a vector. */

import type { Dataset } from "../../datasets/dataset.ts";
import { less, more, type Row } from "../../harness/bench.ts";
import { median, percentile } from "../../harness/measure.ts";
import type { Competitor } from "./children.ts";
import { OURS } from "./ours.ts";
import { ENOUGH, type Lane } from "./lanes.ts";

export function laneRows(lane: Lane, lanes: readonly Lane[], dataset: Dataset): Row[] {
  const about = { bench: "index", case: `${dataset.name}; ${lane.name}` };
  const samples = Float64Array.from(lane.milliseconds).sort();
  const value = rateOf(lane);
  const own = lane.competitor.contender.name === OURS;
  const natives = own ? lanes.filter(({ competitor }) => competitor.contender.native) : [];
  const full = fastest(natives.filter(({ competitor }) => !competitor.contender.narrow));
  const narrow = fastest(natives.filter(({ competitor }) => competitor.contender.narrow));
  const recall = { recallAt10: lane.recall };
  return [
    {
      ...about,
      metric: `queries per second from the median, ${lane.setting}`,
      value,
      unit: "1/s",
      ...recall,
      ...(full && against(lane, full)),
    },
    ...(narrow
      ? [{ ...about, metric: "beside narrower native rows", value, unit: "1/s", ...recall, ...against(lane, narrow) }]
      : []),
    { ...about, metric: "p50", value: percentile(samples, 0.5), unit: "ms" },
    { ...about, metric: "p99", value: percentile(samples, 0.99), unit: "ms" },
  ];
}

/** The comparison with a rival; no ratio where ours finds too little, and less than the rival. */
function against(lane: Lane, rival: Lane): Pick<Row, "rival" | "rivalValue" | "ratio"> {
  const { ratio, ...rest } = more(rateOf(lane), {
    rival: `${rival.name}, ${rival.setting}, recall@10 ${rival.recall.toFixed(3)}`,
    rivalValue: rateOf(rival),
  });
  return lane.recall >= Math.min(ENOUGH, rival.recall) && ratio !== undefined ? { ...rest, ratio } : rest;
}

/** Of those that find enough, if there are any. */
function fastest(lanes: readonly Lane[]): Lane | undefined {
  const enough = lanes.filter(({ recall }) => recall >= ENOUGH);
  return (enough.length > 0 ? enough : lanes).toSorted((a, b) => rateOf(b) - rateOf(a))[0];
}

/** From the median query: on a busy machine every block of them is interrupted, and few of them are. */
function rateOf({ milliseconds }: Lane): number {
  return 1_000 / median(Float64Array.from(milliseconds).sort());
}

export function buildRows(competitors: readonly Competitor[], { name, count }: Dataset): Row[] {
  const natives = competitors.filter(({ contender }) => contender.native);
  return competitors.flatMap(({ contender, built }) => {
    const about = { bench: "index", case: `${name}; ${contender.name}` };
    const own = contender.name === OURS && natives.length > 0;
    const rival = natives.toSorted((a, b) => a.built.seconds - b.built.seconds)[0];
    const lean = natives.toSorted((a, b) => a.built.residentBytes - b.built.residentBytes)[0];
    const bytes = built.bytes === undefined ? built.residentBytes : built.bytes;
    return [
      {
        ...about,
        metric: "build",
        value: built.seconds,
        unit: "s",
        ...(own && rival && less(built.seconds, { rival: rival.contender.name, rivalValue: rival.built.seconds })),
      },
      {
        ...about,
        metric: "resident growth of its process, per vector",
        value: built.residentBytes / count,
        unit: "B",
        residentBytes: built.residentBytes,
        ...(own &&
          lean &&
          less(built.residentBytes / count, {
            rival: lean.contender.name,
            rivalValue: lean.built.residentBytes / count,
          })),
      },
      ...(built.bytes === undefined
        ? []
        : [
            {
              ...about,
              metric: "as it counts itself, per vector",
              value: bytes / count,
              unit: "B",
              residentBytes: bytes,
            },
          ]),
    ];
  });
}
