/** Pairs of texts, labelled as asking the same or not, and how alike the semantic cache takes them to be. */

import { readFileSync } from "node:fs";
import type { Embedder } from "@nexus/core";
import { readE0 } from "@nexus/embed/node";
import { guessLanguage } from "@nexus/text";
import { apart, wordingOf } from "../../../packages/memory/src/cache/wording.ts";
import { sharedFile } from "../sets/shared.ts";

export interface Pair {
  readonly a: string;
  readonly b: string;
  readonly same: boolean;
}

export interface Likened {
  readonly same: boolean;
  /** 1 for the same words, −∞ where a guard speaks against it. */
  readonly score: number;
}

/** How a decision at one score does. */
export interface Decision {
  readonly minScore: number;
  /** Hits that ask something else, over all hits. */
  readonly falseHits: number;
  /** Pairs that ask the same and are hits, over all that do. */
  readonly share: number;
  readonly hits: number;
}

const embedder = readE0();

/** `deep`: a model that tells beside the built-in one. */
export async function likened(pairs: readonly Pair[], deep?: Embedder): Promise<Likened[]> {
  const texts = pairs.flatMap(({ a, b }) => [a, b]);
  const vectors = await embedder.embed(texts);
  const further = await deep?.embed(texts);
  return pairs.map(({ a, b, same }, i) => {
    const cosine = dot(vectors[2 * i], vectors[2 * i + 1]);
    const deepCosine = further && dot(further[2 * i], further[2 * i + 1]);
    const [first, second] = [wordingOf(a, guessLanguage(a).language), wordingOf(b, guessLanguage(b).language)];
    const distance = apart(first, second, cosine, deepCosine);
    return { same, score: distance === undefined ? Number.NEGATIVE_INFINITY : 1 - distance };
  });
}

export function decide(pairs: readonly Likened[], minScore: number): Decision {
  const hits = pairs.filter(({ score }) => score >= minScore);
  const right = hits.filter(({ same }) => same).length;
  return {
    minScore,
    falseHits: (hits.length - right) / Math.max(1, hits.length),
    share: right / pairs.filter(({ same }) => same).length,
    hits: hits.length,
  };
}

/** PAWS-X dev, English; undefined without ../shared/data. Evaluation only. */
export function pawsPairs(): Pair[] | undefined {
  return read("pairs/pawsx-dev-en.tsv", ([a = "", b = "", label]) => ({ a, b, same: label === "1" }));
}

/** QQP dev; undefined without ../shared/data. Evaluation only. */
export function qqpPairs(): Pair[] | undefined {
  return read("pairs/qqp-dev.tsv", ([label, a = "", b = ""]) => ({ a, b, same: label === "1" }));
}

function read(path: string, toPair: (fields: readonly string[]) => Pair): Pair[] | undefined {
  const file = sharedFile(path);
  const lines = file && readFileSync(file, "utf8").trim().split("\n");
  return lines?.map((line) => toPair(line.split("\t")));
}

function dot(a: Float32Array = new Float32Array(0), b: Float32Array = new Float32Array(0)): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
