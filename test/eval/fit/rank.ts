/** The read path from fusion on, over collected candidates: the product's own code under settings that are being tried. */

import type { FusionSettings } from "@nexus/memory";
import { confidenceFeatures, confidences } from "../../../packages/memory/src/fusion/confidence.ts";
import { withDeep } from "../../../packages/memory/src/fusion/deep-weights.ts";
import { fuse, type Fused } from "../../../packages/memory/src/fusion/fuse.ts";
import type { SearchPath } from "../../../packages/memory/src/recall/plan.ts";
import { meanOf, type Metrics, metricsOf } from "../metrics.ts";
import { K } from "../product.ts";
import type { Collected } from "./collect.ts";

export interface Answer {
  readonly ranked: readonly Fused[];
  /** Of each result, as its confidence sees it. */
  readonly features: readonly (readonly number[])[];
  /** Of each result. */
  readonly confidences: readonly number[];
  readonly right: readonly boolean[];
}

/** The answer that the product gives under these settings: path by path while confidence is low. */
export function answer(collected: Collected, settings: FusionSettings): Answer {
  const [first = "smart", ...further] = collected.paths;
  let given = answerOn(collected, first, settings);
  for (const path of further) {
    if ((given.confidences[0] ?? 0) >= settings.minConfidence) break;
    given = answerOn(collected, path, settings);
  }
  return given;
}

export function score(all: readonly Collected[], settings: FusionSettings): Metrics {
  return meanOf(all.map((one) => metricsOf(idsOf(one, answer(one, settings)), one.question.evidence)));
}

export function idsOf({ items }: Collected, { ranked }: Pick<Answer, "ranked">): string[] {
  return ranked.map(({ candidate }) => items.get(candidate.payload.id) ?? "");
}

/** Ranks what one path gathered. */
function answerOn(collected: Collected, path: SearchPath, settings: FusionSettings): Answer {
  const { candidates, context } = collected.pools[path];
  const isDeep = context.deepUnrelatedCosine !== undefined;
  const used = isDeep ? { ...settings, weights: withDeep(settings.weights, settings) } : settings;
  const all = fuse(candidates, { ...context, settings: used }).filter(({ score }) => score > 0);
  const ranked = all.slice(0, K);
  const features = ranked.map((_, i) => confidenceFeatures(all, i));
  const evidence = new Set(collected.question.evidence);
  const right = idsOf(collected, { ranked }).map((id) => evidence.has(id));
  return { ranked, features, confidences: confidences(all, settings).slice(0, K), right };
}
