/** Our segment, and the four ways of searching it. */

import { createDenseSegment, type DenseSegment, type SegmentHits, type SegmentQuery } from "@nexus/index/dense";
import { vectorOf } from "../../datasets/dataset.ts";
import type { GraphOptions, Rows } from "../../rivals/rival.ts";
import { type Contender, EF, GRAPH, type Way } from "./contender.ts";

type Options = Omit<SegmentQuery, "k">;

export const OURS = "ours";

const RESCORED = [10, 12, 16, 20, 24, 32, 40, 48, 64, 80, 100];
/** Ten times as many are chosen by their bits. */
const RESCORED_BITS = [10, 12, 16, 20, 28, 40, 56, 80, 112, 160, 224, 320, 448];

export const ours: Contender = {
  name: OURS,
  seconds: 22,
  async build(rows, options) {
    const segment = segmentOf(rows, options);
    segment.link();
    const way = (name: string, unit: string, settings: readonly number[], of: (setting: number) => Options): Way =>
      wayOf(segment, { name, unit, settings, of });
    return {
      ways: [
        way("the planner's choice", "ef", EF, (efSearch) => ({ plan: "auto", efSearch })),
        way("the graph", "ef", EF, (efSearch) => ({ plan: "graph", efSearch })),
        way("exact u7", "rescored", RESCORED, (rescore) => ({ plan: "exact", rescore })),
        way("binary", "rescored", RESCORED_BITS, (rescore) => ({ plan: "binary", rescore })),
      ],
      bytes: segment.bytes,
      close() {},
    };
  },
};

/** All rows added and none linked. */
export function segmentOf(rows: Rows, options: GraphOptions = GRAPH): DenseSegment {
  const segment = emptySegment(rows.dimension, options);
  for (let i = 0; i < rows.vectors.length / rows.dimension; i++) segment.add(vectorOf(rows, i));
  return segment;
}

export function emptySegment(dimension: number, options: GraphOptions = GRAPH): DenseSegment {
  return createDenseSegment({ dimension, ...options });
}

/** A copy: the next search writes over them. */
export function rowsOf({ rows, count }: SegmentHits): Uint32Array {
  return rows.slice(0, count);
}

function wayOf(
  segment: DenseSegment,
  { of, ...about }: Pick<Way, "name" | "unit" | "settings"> & { of: (setting: number) => Options },
): Way {
  let plan = "";
  let chosen: SegmentQuery = { k: 10, ...of(about.settings[0]!) };
  return {
    ...about,
    set: (setting) => void (chosen = { k: 10, ...of(setting) }),
    prepare: (query) => query,
    search(query) {
      const found = segment.search(query as Float32Array, chosen);
      plan = found.plan;
      return found.rows;
    },
    plan: () => plan,
  };
}
