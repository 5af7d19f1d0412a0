/** Near-duplicate articles: shared LSH ids give candidates, and the estimated Jaccard similarity decides. */

import { readFileSync } from "node:fs";

import { estimateJaccard, lshTerms, minhash } from "@nexus/text";
import { sharedFile } from "../sets/shared.ts";
import type { QualityRow } from "./row.ts";

/** From here on a pair goes to the embedding check (details.md, section 16). */
const ALIKE = 0.7;
const SIZES = [100, 1_000];

interface Article {
  readonly id: string;
  readonly signature: Uint32Array;
  readonly bands: Uint32Array;
}

export async function neardupRows(): Promise<QualityRow[] | undefined> {
  const rows: QualityRow[] = [];
  for (const size of SIZES) {
    const articles = sharedFile(`neardup/articles_${size}.train`);
    const truth = sharedFile(`neardup/articles_${size}.truth`);
    if (!articles || !truth) return undefined;
    rows.push(...measure(size, read(articles), pairs(truth)));
  }
  return rows;
}

function measure(size: number, articles: readonly Article[], planted: ReadonlySet<string>): QualityRow[] {
  const candidates = candidatePairs(articles);
  const found = [...candidates].filter(([, [a, b]]) => estimateJaccard(a.signature, b.signature) >= ALIKE);
  const right = found.filter(([pair]) => planted.has(pair)).length;
  const all = (articles.length * (articles.length - 1)) / 2;
  const set = `near-duplicates, ${size} articles`;
  return [
    { set, metric: "precision", value: found.length === 0 ? 0 : right / found.length, samples: found.length },
    { set, metric: "recall", value: right / planted.size, samples: planted.size },
    {
      set,
      metric: "share of pairs compared",
      value: candidates.size / all,
      baseline: 1,
      rival: "every pair",
      samples: all,
    },
  ];
}

function candidatePairs(articles: readonly Article[]): Map<string, readonly [Article, Article]> {
  const lists = new Map<number, Article[]>();
  const found = new Map<string, readonly [Article, Article]>();
  for (const article of articles) {
    for (const band of article.bands) {
      const others = lists.get(band) ?? [];
      for (const other of others) found.set(nameOf(article.id, other.id), [article, other]);
      lists.set(band, [...others, article]);
    }
  }
  return found;
}

function read(file: URL): Article[] {
  return lines(file).map((line) => {
    const space = line.indexOf(" ");
    const signature = minhash(line.slice(space + 1));
    return { id: line.slice(0, space), signature, bands: lshTerms(signature) };
  });
}

function pairs(file: URL): Set<string> {
  return new Set(
    lines(file).map((line) => {
      const [a = "", b = ""] = line.split(" ");
      return nameOf(a, b);
    }),
  );
}

function lines(file: URL): string[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function nameOf(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}
