/** What the index bench will do and about how long it takes, before it begins. */

import { nameOf, type Spec } from "../../datasets/dataset.ts";
import { canEmbed, EMBEDDING_SECONDS, hasReal } from "../../datasets/real.ts";
import type { Context, Step } from "../../harness/bench.ts";
import type { Contender } from "./contender.ts";
import { contenders } from "./contenders.ts";

export interface Match {
  readonly spec: Spec;
  readonly contenders: readonly Contender[];
}

/** Contenders that take minutes for 100,000 vectors: only under `--full` there. */
const SLOW = new Set(["@ruvector/core", "hnswlib-wasm"]);
/** What setting and timing everyone takes beside the building. */
const TIMING_SECONDS = { usual: 30, quick: 3 };

/** The sets in the order in which they run. */
export function matchesOf(context: Context): readonly Match[] {
  const kinds = ["clustered", "uniform", "real"] as const;
  const quick = context.scale === "quick";
  const specs: Spec[] = quick
    ? [{ kind: "clustered", count: 2_000, dimension: 384, questions: 100 }]
    : [
        ...kinds.map((kind) => ({ kind, count: 10_000, dimension: 384, questions: 1_000 })),
        ...kinds.map((kind) => ({ kind, count: 100_000, dimension: 384, questions: kind === "uniform" ? 200 : 1_000 })),
      ];
  if (context.scale === "full")
    specs.push(
      { kind: "clustered", count: 100_000, dimension: 1_536, questions: 200 },
      { kind: "clustered", count: 1_000_000, dimension: 128, questions: 200 },
    );
  const isSlow = ({ count, dimension }: Spec, { name }: Contender): boolean =>
    SLOW.has(name) && count >= 100_000 && !(context.scale === "full" && count * dimension <= 100_000 * 384);
  return specs.map((spec) => ({ spec, contenders: contenders.filter((one) => !isSlow(spec, one)) }));
}

export function stepsOf(context: Context): readonly Step[] {
  const embedding = context.scale !== "quick" && !hasReal() && canEmbed();
  const before = embedding ? [{ what: "embedding 101,000 texts, once", seconds: EMBEDDING_SECONDS }] : [];
  const matches = matchesOf(context).map(({ spec, contenders }) => ({
    what: `${nameOf(spec)}: ${contenders.map(({ name }) => name).join(", ")}`,
    seconds:
      context.size(TIMING_SECONDS.usual, TIMING_SECONDS.quick) +
      contenders.reduce((sum, { seconds }) => sum + seconds, 0) * shareOf(spec),
  }));
  return [...before, ...matches];
}

/** Of the time that building 100,000 × 384 of clustered vectors takes: a little more than in proportion to rows, and less to dimensions; without structure there is more to visit. */
function shareOf({ kind, count, dimension }: Spec): number {
  return (count / 100_000) ** 1.15 * (dimension / 384) ** 0.8 * (kind === "uniform" ? 2 : 1);
}
