/** The read path from fusion on, over collected candidates: the product's own code under settings that are being tried. */

import type { FusionSettings } from "@nexus/memory";
import { confidences } from "../../../packages/memory/src/fusion/confidence.ts";
import { fuse, type Fused } from "../../../packages/memory/src/fusion/fuse.ts";
import { meanOf, type Metrics, metricsOf } from "../metrics.ts";
import { K } from "../product.ts";
import type { Collected } from "./collect.ts";

export interface Answer {
  readonly ranked: readonly Fused[];
  /** Of each result over the next one, which may be beyond the cut. */
  readonly leads: readonly number[];
  /** Of each result. */
  readonly confidences: readonly number[];
  readonly right: readonly boolean[];
}

/** The answer that the product gives under these settings: one path further where confidence is low. */
export function answer(collected: Collected, settings: FusionSettings): Answer {
  const { first, last } = collected.route;
  const given = answerOn(collected, first, settings);
  const low = (given.confidences[0] ?? 0) < settings.minConfidence;
  return low && first !== last ? answerOn(collected, last, settings) : given;
}

export function score(all: readonly Collected[], settings: FusionSettings): Metrics {
  return meanOf(all.map((one) => metricsOf(idsOf(one, answer(one, settings)), one.question.evidence)));
}

export function idsOf({ items }: Collected, { ranked }: Pick<Answer, "ranked">): string[] {
  return ranked.map(({ candidate }) => items.get(candidate.payload.id) ?? "");
}

/** Ranks what one path gathered. */
function answerOn(collected: Collected, path: "smart" | "full", settings: FusionSettings): Answer {
  const { candidates, context } = collected.pools[path];
  const all = fuse(candidates, { ...context, settings }).filter(({ score }) => score > 0);
  const ranked = all.slice(0, K);
  const leads = ranked.map(({ score }, i) => score - (all[i + 1]?.score ?? 0));
  const evidence = new Set(collected.question.evidence);
  const right = idsOf(collected, { ranked }).map((id) => evidence.has(id));
  return { ranked, leads, confidences: confidences(all, settings).slice(0, K), right };
}
