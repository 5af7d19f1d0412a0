/** The semantic cache: how often it takes another question for the same one, what its answers cost, and what carrying answers forward would. */

import type { Embedder } from "@nexus/core";
import { DEFAULTS } from "@nexus/memory";
import { e1Embedder } from "../models.ts";
import { carryForward } from "../semantic/carry.ts";
import { decide, likened, type Pair, pawsPairs, qqpPairs } from "../semantic/likeness.ts";
import { costOfParaphrases, paraphrasePairs } from "../semantic/paraphrases.ts";
import type { QualityRow } from "./row.ts";

/** Scores beside the shipped one, for the curve. */
const CURVE = [0.2, 0.3, 0.5, 0.6, 0.8];

/** False hits and the share of paraphrases hit, at the shipped score and around it; undefined without ../shared/data. */
export async function semanticCacheRows(): Promise<QualityRow[] | undefined> {
  const paws = pawsPairs();
  const qqp = qqpPairs();
  if (!paws || !qqp) return undefined;
  return [
    ...(await pairRows("PAWS-X dev", paws, [0.026, "at 30 % hit, fitted word-order features"])),
    ...(await pairRows("QQP dev", qqp, [0.2, "at 20 % hit, lexical"])),
    ...(await pairRows("own paraphrases and near misses", paraphrasePairs())),
    ...(await costRows()),
    ...(await carryRows()),
  ];
}

/** The same with E1's cosines; undefined without ../shared. */
export async function semanticCacheE1Rows(): Promise<QualityRow[] | undefined> {
  const [paws, qqp, deep] = [pawsPairs(), qqpPairs(), await e1Embedder()];
  if (!paws || !qqp || !deep) return undefined;
  const with1 = { deep, shipped: DEFAULTS.semanticDeepMinScore };
  return [
    ...(await pairRows("PAWS-X dev, E1 beside", paws, [0.026, "at 30 % hit, fitted word-order features"], with1)),
    ...(await pairRows("QQP dev, E1 beside", qqp, [0.112, "at 30 % hit, E1's cosine"], with1)),
    ...(await pairRows("own paraphrases and near misses, E1 beside", paraphrasePairs(), undefined, with1)),
  ];
}

async function pairRows(
  set: string,
  pairs: readonly Pair[],
  rival?: readonly [number, string],
  { deep, shipped }: { deep?: Embedder; shipped: number } = { shipped: DEFAULTS.semanticMinScore },
): Promise<QualityRow[]> {
  const scored = await likened(pairs, deep);
  const positives = pairs.filter(({ same }) => same).length;
  return [...CURVE, shipped]
    .sort((a, b) => a - b)
    .flatMap((minScore): QualityRow[] => {
      const { falseHits, share, hits } = decide(scored, minScore);
      const at = `at score ≥ ${minScore}${minScore === shipped ? " (shipped)" : ""}`;
      const beside = minScore === shipped && rival ? { baseline: rival[0], rival: rival[1] } : {};
      return [
        { set, metric: `false hits ${at}`, value: falseHits, samples: hits, ...beside },
        { set, metric: `paraphrases hit ${at}`, value: share, samples: positives },
      ];
    });
}

async function costRows(): Promise<QualityRow[]> {
  const { asked, served, cached, searched, others, othersServed } = await costOfParaphrases();
  const set = "own/show in other words";
  return [
    { set, metric: "share served from candidates", value: served / asked, samples: asked },
    { set, metric: "recall@10 of those", value: cached, baseline: searched, rival: "searched anew", samples: served },
    { set, metric: "near misses served", value: othersServed / others, samples: others },
  ];
}

async function carryRows(): Promise<QualityRow[]> {
  const { kept, wrong, wrongSets, additions } = await carryForward();
  const set = "carry-forward (not in the product)";
  return [
    { set, metric: "answers carried", value: kept / additions, samples: additions },
    { set, metric: "wrong carries, order counts", value: wrong / Math.max(1, kept), samples: kept },
    { set, metric: "wrong carries, results only", value: wrongSets / Math.max(1, kept), samples: kept },
  ];
}
