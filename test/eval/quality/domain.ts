/** How well the router tells what a text is about, and how much of everyday talk it would send to the dearest path. */

import { readFileSync } from "node:fs";
import { classifyDomain, DOMAIN_CLASSES, type DomainClass } from "@nexus/router";
import { words } from "@nexus/text";
import { readExamples } from "../../../packages/router/train/examples.node.ts";
import type { Example } from "../../../packages/router/train/example.ts";
import { TRAINING_SEED } from "../../../packages/router/train/train-domain.ts";
import { ownSets } from "../sets/own.ts";
import { sharedFile } from "../sets/shared.ts";
import type { QualityRow } from "./row.ts";

/** Words that the first design used without weights, the only rival at hand. Source: details.md, section 4. */
const CUES: Readonly<Record<DomainClass, ReadonlySet<string>>> = {
  general: new Set(),
  technical: new Set(["code", "debug", "algorithm", "database", "api"]),
  medical: new Set(["medical", "diagnosis", "treatment", "medication", "symptom", "patient"]),
  legal: new Set(["lawsuit", "contract", "legal", "court", "attorney"]),
  financial: new Set(["investment", "portfolio", "trading", "financial", "banking"]),
};
const RIVAL = "the most of a few words a domain";

interface Guess {
  readonly domain: DomainClass;
  readonly critical: boolean;
}

/** Macro-F1 by set, F1 by class, and the share of chat that is called critical; undefined without ../shared/data. */
export async function domainRows(): Promise<QualityRow[] | undefined> {
  const dev = sharedFile("domain/dev.tsv");
  const locomo = sharedFile("locomo/dev.json");
  if (!dev || !locomo) return undefined;
  const { heldOut, otherSources } = readExamples({
    data: new URL("../", dev),
    seed: TRAINING_SEED,
    progress: () => undefined,
  });
  const own = JSON.parse(readFileSync(new URL("data/domains.json", import.meta.url), "utf8")) as Example[];
  const devTexts = readDev(dev);
  return [
    ...scores("domain/dev", devTexts),
    ...scores("own short texts", own),
    accuracyRow("own short texts", own),
    ...scores("held-out tenth of training", heldOut),
    ...scores("sources held out", otherSources),
    criticalRow("LoCoMo dev questions", questionsOf(locomo)),
    criticalRow("own conversations' questions", ownQuestions()),
    criticalRow(
      "own short texts, general",
      own.filter(({ domain }) => domain === "general").map(({ text }) => text),
    ),
  ];
}

function guess(text: string): Guess {
  const { domains, critical } = classifyDomain(lowerWords(text));
  return { domain: DOMAIN_CLASSES.reduce((best, name) => (domains[name] > domains[best] ? name : best)), critical };
}

function guessByCues(text: string): DomainClass {
  const found = lowerWords(text);
  const count = (name: DomainClass): number => found.filter((word) => CUES[name].has(word)).length;
  return DOMAIN_CLASSES.reduce((best, name) => (count(name) > count(best) ? name : best));
}

function scores(set: string, examples: readonly Example[]): QualityRow[] {
  const ours = f1ByClass(examples, (text) => guess(text).domain);
  const theirs = f1ByClass(examples, guessByCues);
  const samples = examples.length;
  return [
    { set, metric: "macro-F1", value: mean(ours), baseline: mean(theirs), rival: RIVAL, samples },
    ...[...ours].map(([name, value]) => ({
      set,
      metric: `F1 ${name}`,
      value,
      baseline: theirs.get(name),
      rival: RIVAL,
      samples: examples.filter(({ domain }) => domain === name).length,
    })),
  ];
}

function accuracyRow(set: string, examples: readonly Example[]): QualityRow {
  const share = (of: (text: string) => DomainClass): number =>
    examples.filter(({ text, domain }) => of(text) === domain).length / examples.length;
  return {
    set,
    metric: "accuracy",
    value: share((text) => guess(text).domain),
    baseline: share(guessByCues),
    rival: RIVAL,
    samples: examples.length,
  };
}

function criticalRow(set: string, texts: readonly string[]): QualityRow {
  const critical = texts.filter((text) => guess(text).critical).length;
  return { set, metric: "share critical", value: critical / texts.length, samples: texts.length };
}

/** F1 of each class that occurs as a label. */
function f1ByClass(examples: readonly Example[], of: (text: string) => DomainClass): Map<DomainClass, number> {
  const guesses = examples.map(({ text }) => of(text));
  const found = new Map<DomainClass, number>();
  for (const name of DOMAIN_CLASSES) {
    const labelled = examples.filter(({ domain }) => domain === name).length;
    if (labelled === 0) continue;
    const guessed = guesses.filter((one) => one === name).length;
    const right = examples.filter(({ domain }, i) => domain === name && guesses[i] === name).length;
    found.set(name, (2 * right) / (guessed + labelled));
  }
  return found;
}

function mean(values: ReadonlyMap<DomainClass, number>): number {
  return [...values.values()].reduce((sum, value) => sum + value, 0) / values.size;
}

function readDev(file: URL): Example[] {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line) => {
    const tab = line.indexOf("\t");
    return { domain: line.slice(0, tab) as DomainClass, text: line.slice(tab + 1) };
  });
}

function questionsOf(file: URL): string[] {
  const conversations = JSON.parse(readFileSync(file, "utf8")) as { qa: { question: string }[] }[];
  return conversations.flatMap(({ qa }) => qa.map(({ question }) => question));
}

function ownQuestions(): string[] {
  return ownSets().flatMap(({ corpora }) => corpora.flatMap(({ questions }) => questions.map(({ text }) => text)));
}

function lowerWords(text: string): string[] {
  return words(text).map(({ text }) => text.toLowerCase());
}
