/** The pairs that the model is trained on, from data/train. */

import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Corpus, Pair, PairKind } from "./corpus.ts";

export interface CorpusOptions {
  /** Pairs to read; all of them unless said. */
  readonly most?: number | undefined;
  readonly progress: (text: string) => void;
}

/** Cost: about 6 s and 1 GB. */
export function readCorpus(folder: URL, { most = Infinity, progress }: CorpusOptions): Corpus {
  const places = new Map<string, number>();
  const texts: string[] = [];
  const pairs: Pair[] = [];
  const sources = new Map<string, number>();
  const sourceOf: number[] = [];
  const place = (text: string, source: number): number => {
    let known = places.get(text);
    if (known === undefined) {
      places.set(text, (known = texts.length));
      texts.push(text);
      sourceOf.push(source);
    }
    return known;
  };
  const files = readdirSync(folder).filter((name) => /^pairs-\d+\.jsonl\.gz$/.test(name));
  for (const [i, name] of files.sort().entries()) {
    progress(`reading ${name} (${i + 1} of ${files.length})`);
    const lines = gunzipSync(readFileSync(new URL(name, folder)))
      .toString("utf8")
      .split("\n");
    for (const line of lines) {
      if (line === "") continue;
      const { a, b, k, s } = JSON.parse(line) as { a: string; b: string; k: PairKind; s: string };
      if (a === b) continue;
      if (pairs.length >= most) break;
      let source = sources.get(s);
      if (source === undefined) sources.set(s, (source = sources.size));
      pairs.push({ a: place(a, source), b: place(b, source), kind: k });
    }
  }
  return { texts, pairs, sourceOf: Uint8Array.from(sourceOf), translationOf: translations(texts.length, pairs) };
}

function translations(count: number, pairs: readonly Pair[]): Int32Array {
  const english = new Uint8Array(count);
  for (const { a, b, kind } of pairs) {
    english[a] = 1;
    if (kind !== "xling") english[b] = 1;
  }
  const of = new Int32Array(count).fill(-1);
  for (const { a, b, kind } of pairs) if (kind === "xling" && english[b] === 0 && of[b] === -1) of[b] = a;
  return of;
}
