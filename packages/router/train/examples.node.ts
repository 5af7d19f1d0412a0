/** The texts that the domain classifier learns from: ../shared/data/train, the repository's own conversations, and the lexicon. */

import { existsSync } from "node:fs";
import type { DomainClass } from "../src/domain-classes.ts";
import { DOMAIN_CLASSES } from "../src/domain-classes.ts";
import type { Example } from "./example.ts";
import { CARRIERS, TERMS } from "./lexicon.ts";
import { seeded } from "./seeded.ts";
import { readIntents, readOwnTurns, readPairs, readTsv } from "./sources.node.ts";

export interface Examples {
  readonly train: readonly Example[];
  /** A tenth of domain_train.tsv, from the same sources: says how well the training texts were learnt. */
  readonly heldOut: readonly Example[];
  /** Whole sources that training never sees: the temperature is fitted on them. */
  readonly otherSources: readonly Example[];
}

export interface ExampleOptions {
  /** The folder with train/ and domain/. */
  readonly data: URL;
  readonly seed: number;
  readonly progress: (text: string) => void;
}

/** Texts taken of each source of pairs-*.jsonl.gz, beside domain_train.tsv, and their label. Mixed sources are not used. */
const SOURCES: Readonly<Record<string, readonly [DomainClass, number]>> = {
  medquad: ["medical", 3_000],
  doid: ["medical", 3_000],
  dclaw: ["legal", 3_000],
  "github-site-policy": ["legal", 1_000],
  tldr: ["technical", 3_000],
  "symfony-docs": ["technical", 1_000],
  "laravel-docs": ["technical", 1_000],
  "owasp-cheatsheets": ["technical", 1_000],
  "ms-powershell": ["technical", 1_000],
  "aws-docs": ["technical", 1_500],
  banking77: ["financial", 4_000],
  selfdialogue: ["general", 25_000],
  sgd: ["general", 6_000],
  "nlu-eval-hwu64": ["general", 6_000],
  snips: ["general", 3_000],
  "dstc9-faq": ["general", 1_500],
  "public-domain-recipes": ["general", 1_000],
  "wiki-split": ["general", 15_000],
  "gsa-digitalgov": ["general", 5_000],
  "18f-handbook": ["general", 2_500],
  factbook: ["general", 1_500],
};

/** Never trained on. */
const HELD_OUT_SOURCES: Readonly<Record<string, DomainClass>> = {
  "rust-book": "technical",
  "pypa-packaging": "technical",
  "cv-faq": "medical",
  "basecamp-policies": "legal",
  legalmattic: "legal",
  taskmaster: "general",
  topicalchat: "general",
};
const HELD_OUT_MOST = 1_500;

/**
 * Reads, deduplicates and labels.
 *
 * cost     4 to 10 s and 1 GB, nearly all of it for the pairs
 * throws   when the data is not there
 */
export function readExamples({ data, seed, progress }: ExampleOptions): Examples {
  const labelled = new URL("train/domain_train.tsv", data);
  if (!existsSync(labelled)) throw new Error(`no training data at ${labelled.pathname}; name the folder with --data`);
  const taken = new Set<string>();
  // Texts of the evaluation set must not be learnt by heart.
  for (const { text } of readTsv(new URL("domain/dev.tsv", data))) taken.add(keyOf(text));
  const bySource = readPairs(
    new URL("train/", data),
    new Set(Object.keys({ ...SOURCES, ...HELD_OUT_SOURCES })),
    progress,
  );
  const random = seeded(seed);
  const otherSources: Example[] = [];
  for (const [source, domain] of Object.entries(HELD_OUT_SOURCES)) {
    const texts = shuffled(bySource.get(source) ?? [], random);
    let count = 0;
    for (const text of texts) {
      for (const sentence of [text, ...text.split(/(?<=[.!?])\s+/)]) taken.add(keyOf(sentence));
      if (count++ < HELD_OUT_MOST) otherSources.push({ text, domain });
    }
  }
  const train: Example[] = [];
  const heldOut: Example[] = [];
  const add = (example: Example, to: Example[] = train): boolean => {
    const key = keyOf(example.text);
    if (key === "" || taken.has(key)) return false;
    taken.add(key);
    to.push(example);
    return true;
  };
  const suspicious = suspiciousOf();
  for (const example of readTsv(labelled)) {
    if (example.domain === "general" && suspicious(example.text)) continue;
    add(example, random() < 0.1 ? heldOut : train);
  }
  for (const [source, [domain, most]] of Object.entries(SOURCES)) {
    let count = 0;
    for (const text of shuffled(bySource.get(source) ?? [], random)) {
      if (count >= most) break;
      if (domain === "general" && suspicious(text)) continue;
      if (add({ text, domain })) count++;
    }
  }
  for (const example of readIntents(new URL("intent/clinc150-full.json", data))) add(example);
  for (const text of readOwnTurns()) if (!suspicious(text)) add({ text, domain: "general" });
  const names = namesOf(bySource.get("wiki-split") ?? []);
  for (const example of carried(names, random)) add(example);
  return { train, heldOut, otherSources };
}

/** Every term of the lexicon in a few carriers, and everyday terms as often as those of all domains together. */
function* carried(names: readonly string[], random: () => number): Generator<Example> {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  for (const domain of DOMAIN_CLASSES) {
    const each = domain === "general" ? 60 : 12;
    for (const term of TERMS[domain]) {
      for (let i = 0; i < each; i++) {
        yield { domain, text: pick(CARRIERS).replaceAll("%", term).replaceAll("@", pick(names)) };
      }
    }
  }
}

/** Words that are capitalised within sentences of an encyclopedia, most of them names of people and places. */
function namesOf(texts: readonly string[]): string[] {
  const names = new Set<string>();
  for (const text of texts) {
    for (const [, name] of text.matchAll(/[\p{Ll},] (\p{Lu}\p{Ll}{2,11})\b/gu)) if (name !== undefined) names.add(name);
  }
  return [...names];
}

/** Everyday talk with a strong word of a domain is likely mislabelled: sources of dialogue speak of banks and doctors too. */
function suspiciousOf(): (text: string) => boolean {
  const everyday = new Set(TERMS.general.flatMap((term) => term.split(" ")));
  const strong = new Set<string>();
  for (const domain of DOMAIN_CLASSES) {
    if (domain === "general" || domain === "technical") continue;
    for (const term of TERMS[domain]) if (!term.includes(" ") && !everyday.has(term)) strong.add(term);
  }
  return (text) =>
    text
      .toLowerCase()
      .split(/[^\p{L}\p{N}']+/u)
      .some((word) => strong.has(word));
}

const keyOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j] as T, out[i] as T];
  }
  return out;
}
