/** `npm run eval -- --ablate`: what each source and each part of the score is worth, by leaving it out. */

import { DEFAULTS, type FusionSettings } from "@nexus/memory";
import { SHARES } from "../../packages/memory/src/fusion/keyword.ts";
import type { EvalSet } from "./eval-set.ts";
import { collect, type Collected, SOURCES } from "./fit/collect.ts";
import { score } from "./fit/rank.ts";
import type { Metrics } from "./metrics.ts";
import type { Product } from "./product.ts";
import type { Row } from "./report.ts";

const FACTORS = ["semantic", "recency", "quality", "domain"] as const;

/** Loads the set, then asks it with each source and each part left out; prints a line for each and returns them as rows, with everything in place as the baseline. */
export async function ablate(product: Product, set: EvalSet): Promise<Row[]> {
  for (const corpus of set.corpora) await product.load(corpus, () => undefined);
  const gather = async (without?: string): Promise<Collected[]> => {
    const sources = SOURCES.filter(({ name }) => name !== without);
    const found: Collected[] = [];
    for (const corpus of set.corpora) found.push(...(await collect(product, corpus, sources)));
    return found;
  };
  const all = await gather();
  const whole = score(all, DEFAULTS.fusion);
  console.log(`\n${set.name}: left out, recall@10, NDCG@10`);
  const rows: Row[] = [];
  const add = (part: string, metrics: Metrics): void => {
    const change = (name: "recall@10" | "ndcg@10"): string =>
      `${metrics[name].toFixed(3)} (${(metrics[name] - whole[name]).toFixed(3)})`.padStart(16);
    console.log(`${part.padEnd(18)}${change("recall@10")}${change("ndcg@10")}`);
    for (const name of ["recall@10", "ndcg@10"] as const)
      rows.push({ set: set.name, metric: `${name} without ${part}`, value: metrics[name], baseline: whole[name] });
  };
  add("nothing", whole);
  for (const { name } of SOURCES) add(`source ${name}`, score(await gather(name), DEFAULTS.fusion));
  for (const share of SHARES) add(share, score(all, { ...DEFAULTS.fusion, [share]: 0 }));
  for (const factor of FACTORS) add(factor, score(all, without(factor)));
  add("agreement", score(all, { ...DEFAULTS.fusion, agreementStep: 0 }));
  return rows;
}

function without(factor: (typeof FACTORS)[number]): FusionSettings {
  return { ...DEFAULTS.fusion, weights: { ...DEFAULTS.fusion.weights, [factor]: 0 } };
}
