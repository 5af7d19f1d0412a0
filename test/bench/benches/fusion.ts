/** Fusion of what the sources found: factors, scores, confidence and explanations. */

import { DEFAULTS } from "@nexus/memory";
import { confidences } from "../../../packages/memory/src/fusion/confidence.ts";
import { explain } from "../../../packages/memory/src/fusion/explain.ts";
import { halfLifeOf } from "../../../packages/memory/src/fusion/factors.ts";
import { fuse } from "../../../packages/memory/src/fusion/fuse.ts";
import type { Candidate } from "../../../packages/memory/src/fusion/join.ts";
import { seeded } from "../../support/random.ts";
import type { Bench } from "../harness/bench.ts";
import { interleaved, latencyRows } from "../harness/measure.ts";
import { pointsOf } from "../harness/points.ts";

const CANDIDATES = 300;
const K = 8;

export const fusion: Bench = {
  name: "fusion",
  about: "300 candidates to 8 explained results",
  async run(context) {
    const { points } = await pointsOf(CANDIDATES);
    const random = seeded(3);
    const candidates = points.map(({ payload }): Candidate => ({
      payload,
      sources: new Set(random() < 0.5 ? (["dense", "sparse"] as const) : (["session"] as const)),
      cosine: random() * 0.6,
      bm25: random() * 12,
      beside: random() * 10,
      answers: random() < 0.2 ? random() * 10 : 0,
      session: random() * 20,
      graph: random() < 0.1 ? random() : 0,
      link: undefined,
      cues: Math.floor(random() * 16),
      chunkIndex: 0,
    }));
    const at = Date.parse("2025-12-01T00:00:00Z");
    const settings = DEFAULTS.fusion;
    const ceiling = 33;
    const run = (): number => {
      const halfLifeMs = halfLifeOf(candidates, at);
      const words = new Set(["what", "did", "grace", "say"]);
      const asked = { ceiling, words, asks: 2, dates: [{ from: at - 1e10, to: at - 9e9 }] };
      const ranked = fuse(candidates, { ...asked, unrelatedCosine: 0.025, at, halfLifeMs, settings }).slice(0, K);
      const sure = confidences(ranked, settings);
      const said = ranked.map((one) => explain(one, { weights: settings.weights, spans: [], now: at }));
      return said.length + (sure[0] ?? 0);
    };
    const [samples] = await interleaved([{ name: "fuse", run }], { warmUp: 200, rounds: context.size(2_000, 50) });
    return latencyRows({ bench: "fusion", case: `${CANDIDATES} candidates to ${K}` }, samples!);
  },
};
