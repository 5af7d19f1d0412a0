/** `npm run eval -- fit`: fits what ships on the repository's own "fit" conversations, and shows what that is worth elsewhere. */

import { DEFAULTS, type FusionSettings } from "@nexus/memory";
import { above, calibrationError, type Judged, lowestFloor } from "./calibration.ts";
import type { Corpus, EvalSet } from "./eval-set.ts";
import { collect, type Collected } from "./fit/collect.ts";
import { type Point, settingsAt } from "./fit/lattice.ts";
import { fitLogistic, type Sample } from "./fit/logistic.ts";
import { answer, idsOf, score } from "./fit/rank.ts";
import { search } from "./fit/search.ts";
import { meanOf, type Metrics } from "./metrics.ts";
import { openProduct, type Product } from "./product.ts";
import { locomoSets } from "./sets/locomo.ts";
import { ownSets } from "./sets/own.ts";

const SEED = 42;
/** The first path only: which settings rank best must not hang on how sure the present ones are. */
const base: FusionSettings = { ...DEFAULTS.fusion, agreementStep: 0.03, minConfidence: 0 };
/** A response below the floor escalates; at and above it this share of first results is to be right. */
const PRECISION = 0.85;
/** Questions of each corpus that the product is asked as well. */
const CHECKED = 20;
const FLOORS = Array.from({ length: 19 }, (_, i) => Math.round((i + 1) * 5) / 100);

export async function fit(): Promise<void> {
  const sets = [...ownSets(), ...(locomoSets() ?? [])];
  const collected = await collectAll(sets);
  const own = collected.get("own/fit") ?? [];

  const ranking = settingsAt(
    search((point) => goal(score(own, settingsAt(point, base))), options(6, true)),
    base,
  );
  const confidence = fitConfidence(own, ranking);
  const calibrated = { ...ranking, confidence };
  const floor = lowestFloor(firstResults(own, calibrated), PRECISION, FLOORS);
  const fitted = { ...calibrated, minConfidence: floor ?? DEFAULTS.fusion.minConfidence };

  console.log("\nFitted on own/fit; paste into packages/memory/src/defaults.ts:\n");
  console.log(printed(fitted));
  if (floor === undefined)
    console.log(`\nminConfidence is unchanged: above no floor are ${PRECISION} of 10 or more first results right.`);
  console.log(`\n${row(["set", "settings", "recall@5", "recall@10", "ndcg@10", "mrr", "ece", "≥ floor", "right"])}`);
  for (const [name, all] of collected) {
    report(name, "present", all, DEFAULTS.fusion);
    report(name, "fitted", all, fitted);
  }
  const locomo = collected.get("locomo");
  if (locomo) leaveOneOut(locomo);
}

/** Loads the sets into the product and gathers their candidates. */
async function collectAll(sets: readonly EvalSet[]): Promise<Map<string, Collected[]>> {
  const product = await openProduct(sets.flatMap(({ corpora }) => corpora));
  const collected = new Map<string, Collected[]>();
  for (const { name, corpora } of sets) {
    const all: Collected[] = [];
    for (const corpus of corpora) {
      console.error(`${name}: ${corpus.id}`);
      await product.load(corpus, () => undefined);
      const found = await collect(product, corpus);
      await agree(product, corpus, found);
      all.push(...found);
    }
    collected.set(name, all);
  }
  await product.close();
  return collected;
}

/** throws  when the product, asked the same, answers otherwise: then what is fitted is not what ships */
async function agree(product: Product, corpus: Corpus, collected: readonly Collected[]): Promise<void> {
  for (const one of collected.slice(0, CHECKED)) {
    const { results } = await product.ask(corpus, one.question);
    const theirs = results.map(({ externalId }) => externalId).join(" ");
    if (theirs !== idsOf(one, answer(one, DEFAULTS.fusion)).join(" "))
      throw new Error(`[eval] ${corpus.id} ${one.question.id}: fit/collect.ts no longer walks the product's read path`);
  }
}

function goal(metrics: Metrics): number {
  return (metrics["recall@10"] + metrics["ndcg@10"]) / 2;
}

function options(restarts: number, smooth: boolean): { restarts: number; seed: number; smooth: boolean } {
  return { restarts, seed: SEED, smooth };
}

/** P(a result is evidence) from its score, its lead, the query covered and its cosine, over all results of all answers. */
function fitConfidence(all: readonly Collected[], settings: FusionSettings): FusionSettings["confidence"] {
  const samples = all.flatMap((one): Sample[] => {
    const { ranked, leads, right } = answer(one, settings);
    return ranked.map(({ score, coverage, candidate }, i) => ({
      features: [score, leads[i] ?? 0, coverage, candidate.cosine],
      right: right[i] ?? false,
    }));
  });
  const fitted = fitLogistic(samples).map((value) => Math.round(value * 10) / 10);
  const [bias = 0, score = 0, lead = 0, coverage = 0, cosine = 0] = fitted;
  return [bias, score, lead, coverage, cosine];
}

function firstResults(all: readonly Collected[], settings: FusionSettings): Judged[] {
  return all.map((one) => {
    const { confidences, right } = answer(one, settings);
    return { confidence: confidences[0] ?? 0, right: right[0] ?? false };
  });
}

function report(set: string, label: string, all: readonly Collected[], settings: FusionSettings): void {
  const { "recall@5": recall5, "recall@10": recall10, "ndcg@10": ndcg, mrr } = score(all, settings);
  const judged = firstResults(all, settings);
  const { count, precision } = above(judged, settings.minConfidence);
  const numbers = [recall5, recall10, ndcg, mrr, calibrationError(judged)].map((value) => value.toFixed(3));
  console.log(row([set, label, ...numbers, `${count}/${judged.length}`, precision.toFixed(3)]));
}

/** What fitting on LoCoMo would give: each conversation under settings fitted on the other four. Printed, never shipped. */
function leaveOneOut(all: readonly Collected[]): void {
  const names = [...new Set(all.map(({ corpus }) => corpus))];
  const parts = new Map(names.map((name) => [name, all.filter(({ corpus }) => corpus === name)]));
  const known = new Map<string, Map<string, Metrics[]>>();
  const metrics = (point: Point): Map<string, Metrics[]> => {
    const settings = settingsAt(point, base);
    const key = JSON.stringify(settings);
    const found =
      known.get(key) ?? new Map([...parts].map(([name, part]) => [name, part.map((one) => score([one], settings))]));
    known.set(key, found);
    return found;
  };
  const held = names.flatMap((name) => {
    console.error(`locomo without ${name}`);
    const goalWithout = (point: Point): number =>
      goal(meanOf([...metrics(point)].flatMap(([other, scores]) => (other === name ? [] : scores))));
    return metrics(search(goalWithout, options(0, false))).get(name) ?? [];
  });
  const { "recall@5": recall5, "recall@10": recall10, "ndcg@10": ndcg, mrr } = meanOf(held);
  const numbers = [recall5, recall10, ndcg, mrr].map((value) => value.toFixed(3));
  console.log(row(["locomo", "left out", ...numbers]));
  console.log(
    "\nleft out: each conversation under settings fitted on the other four; what fitting there would give, never shipped.",
  );
}

function printed({
  weights,
  sessionShare,
  besideShare,
  speakerShare,
  agreementStep,
  confidence,
  minConfidence,
}: FusionSettings): string {
  const inner = Object.entries(weights).map(([name, weight]) => `${name}: ${weight}`);
  return `  fusion: {
    weights: { ${inner.join(", ")} },
    sessionShare: ${sessionShare},
    besideShare: ${besideShare},
    speakerShare: ${speakerShare},
    agreementStep: ${agreementStep},
    confidence: [${confidence.join(", ")}],
    minConfidence: ${minConfidence},
  },`;
}

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => (i < 2 ? cell.padEnd(10) : cell.padStart(10))).join("");
}
