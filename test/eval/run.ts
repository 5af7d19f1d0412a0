/** Asks every question of a set: through the product, of its sources one by one, and of the baseline. */

import { ARMS, type Arm, rankByArm } from "./arms.ts";
import { createBm25 } from "./bm25.ts";
import type { Corpus, EvalSet } from "./eval-set.ts";
import { type Metrics, metricsOf } from "./metrics.ts";
import { K, type Product } from "./product.ts";

/** One question and how each ranking of it did. */
export interface Asked {
  readonly corpus: string;
  readonly question: string;
  readonly category: string;
  readonly text: string;
  readonly evidence: readonly string[];
  readonly path: string;
  readonly confidence: number;
  /** The first result is evidence. */
  readonly right: boolean;
  readonly results: readonly { readonly id: string; readonly score: number; readonly confidence: number }[];
  readonly metrics: Metrics;
  readonly baseline: Metrics;
  readonly arms: Readonly<Record<Arm, Metrics>>;
}

/** Loads and asks corpus by corpus; progress goes to standard error. */
export async function runSet(product: Product, { name, corpora }: EvalSet): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (const corpus of corpora) {
    const progress = progressOf(`${name} ${corpus.id}`);
    await product.load(corpus, (count) => progress(`${count} of ${corpus.items.length} remembered`));
    const baseline = createBm25(corpus);
    for (const [i, question] of corpus.questions.entries()) {
      asked.push(await askOne(product, corpus, question, baseline(question.text, K)));
      if (i % 10 === 9) progress(`${i + 1} of ${corpus.questions.length} asked`);
    }
    progress(`${corpus.questions.length} asked`, true);
  }
  return asked;
}

async function askOne(
  product: Product,
  corpus: Corpus,
  question: Corpus["questions"][number],
  baseline: readonly string[],
): Promise<Asked> {
  const { id, category, text, evidence } = question;
  const { results, path, confidence } = await product.ask(corpus, question);
  const found = results.map(({ externalId, score, confidence }) => ({ id: externalId ?? "", score, confidence }));
  const arms = {} as Record<Arm, Metrics>;
  for (const arm of ARMS) arms[arm] = metricsOf(await rankByArm(product, corpus, text, arm), evidence);
  return {
    corpus: corpus.id,
    question: id,
    category,
    text,
    evidence,
    path,
    confidence,
    right: evidence.includes(found[0]?.id ?? ""),
    results: found,
    metrics: metricsOf(
      found.map(({ id }) => id),
      evidence,
    ),
    baseline: metricsOf(baseline, evidence),
    arms,
  };
}

/** One line that is written over on a terminal, and only its end elsewhere. */
function progressOf(label: string): (text: string, last?: boolean) => void {
  return (text, last = false) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${label}: ${text}${last ? "\n" : ""}`);
    else if (last) process.stderr.write(`${label}: ${text}\n`);
  };
}
