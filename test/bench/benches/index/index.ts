/** The vector index beside its rivals at equal recall. */

import { nameOf } from "../../datasets/dataset.ts";
import { embedOnce } from "../../datasets/real.ts";
import type { Bench, Row } from "../../harness/bench.ts";
import { matchesOf, stepsOf } from "./plan.ts";
import { sideBySide } from "./side-by-side.ts";

export const index: Bench = {
  name: "index",
  about: "approximate search for 10 beside usearch, hnswlib and others at recall@10 ≥ 0.99: speed, build, memory",
  steps: stepsOf,
  async run(context) {
    if (context.scale !== "quick") embedOnce();
    const rows: Row[] = [];
    for (const { spec, contenders } of matchesOf(context)) {
      try {
        const own = await sideBySide(spec, { contenders, context });
        context.show(own);
        rows.push(...own);
      } catch (error) {
        // A rival whose process ends in the middle must not take minutes of other sets with it.
        console.log(`  skipped: ${nameOf(spec)}: ${(error as Error).message}`);
      }
    }
    return rows;
  },
};
