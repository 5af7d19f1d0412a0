/** `npm run eval -- fit`: fits what ships on the repository's own "fit" conversations, and shows what that is worth elsewhere. */

import { DEFAULTS, type FusionSettings } from "@nexus/memory";
import type { Coefficients } from "../../packages/memory/src/fusion/confidence.ts";
import { SHARES } from "../../packages/memory/src/fusion/keyword.ts";
import { above, calibrationError, type Judged, lowestFloor } from "./calibration.ts";
import type { Corpus, EvalSet } from "./eval-set.ts";
import { collect, type Collected } from "./fit/collect.ts";
import { fitLogistic, type Sample } from "./fit/logistic.ts";
import { answer, idsOf, score } from "./fit/rank.ts";
import { fitDeep, fitRanking } from "./fit/ranking.ts";
import { meanOf } from "./metrics.ts";
import { type ModelName, productModels } from "./models.ts";
import { openProduct, type Product } from "./product.ts";
import { locomoSets } from "./sets/locomo.ts";
import { ownSets } from "./sets/own.ts";

/** A response below the floor escalates; at and above it this share of first results is to be right. */
const PRECISION = 0.85;
/** Questions of each corpus that the product is asked as well. */
const CHECKED = 20;
const FLOORS = Array.from({ length: 19 }, (_, i) => Math.round((i + 1) * 5) / 100);

export async function fit(models: ModelName): Promise<void> {
  const sets = [...ownSets(), ...(locomoSets() ?? [])];
  const collected = await collectAll(sets, models);
  const own = collected.get("own/fit") ?? [];

  const fitOn = models === "e1" ? fitDeep : fitRanking;
  const ranking = fitOn(own, DEFAULTS.fusion);
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
  if (locomo) leaveOneOut(locomo, fitOn);
}

/** Loads the sets into the product and gathers their candidates. */
async function collectAll(sets: readonly EvalSet[], models: ModelName): Promise<Map<string, Collected[]>> {
  const product = await openProduct(
    sets.flatMap(({ corpora }) => corpora),
    await productModels(models),
  );
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

/** P(a result is evidence): of the first by the first results alone, of the others by theirs. */
function fitConfidence(all: readonly Collected[], settings: FusionSettings): FusionSettings["confidence"] {
  const answers = all.map((one) => answer(one, settings));
  const samples = (from: number, to?: number): Sample[] =>
    answers.flatMap(({ features, right }) =>
      features.map((own, i) => ({ features: own, right: right[i] ?? false })).slice(from, to),
    );
  const fitted = ([from, to]: [number, number?]): Coefficients => {
    const [bias = 0, score = 0, lead = 0, field = 0] = fitLogistic(samples(from, to)).map(
      (value) => Math.round(value * 10) / 10,
    );
    return [bias, score, lead, field];
  };
  return { first: fitted([0, 1]), others: fitted([1]) };
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
function leaveOneOut(all: readonly Collected[], fitOn: typeof fitRanking): void {
  const names = [...new Set(all.map(({ corpus }) => corpus))];
  const judged: Judged[] = [];
  const held = names.flatMap((name) => {
    const others = all.filter(({ corpus }) => corpus !== name);
    const ranking = fitOn(others, DEFAULTS.fusion);
    const settings = { ...ranking, confidence: fitConfidence(others, ranking) };
    const part = all.filter(({ corpus }) => corpus === name);
    judged.push(...firstResults(part, settings));
    return part.map((one) => score([one], settings));
  });
  const { "recall@5": recall5, "recall@10": recall10, "ndcg@10": ndcg, mrr } = meanOf(held);
  const numbers = [recall5, recall10, ndcg, mrr, calibrationError(judged)].map((value) => value.toFixed(3));
  console.log(row(["locomo", "left out", ...numbers]));
  console.log(
    "\nleft out: each conversation under settings fitted on the other four; what fitting there would give, never shipped.",
  );
}

function printed({ weights, deep, agreementStep, confidence, minConfidence, ...rest }: FusionSettings): string {
  const inner = Object.entries(weights).map(([name, weight]) => `${name}: ${weight}`);
  const { share, weights: beside } = deep;
  return `    weights: { ${inner.join(", ")} },
${SHARES.map((share) => `    ${share}: ${rest[share]},`).join("\n")}
    deep: { share: ${share}, weights: { semantic: ${beside.semantic}, keyword: ${beside.keyword} } },
    agreementStep: ${agreementStep},
    confidence: { first: [${confidence.first.join(", ")}], others: [${confidence.others.join(", ")}] },
    minConfidence: ${minConfidence},`;
}

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => (i < 2 ? cell.padEnd(10) : cell.padStart(10))).join("");
}
