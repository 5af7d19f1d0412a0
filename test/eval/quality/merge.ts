/** Merging near-duplicates on labelled pairs: the open ones were read while its guards were written, the sealed ones are only counted. */

import { readFile } from "node:fs/promises";
import { readE0 } from "@nexus/embed/node";
import { estimateJaccard, guessLanguage, minhash } from "@nexus/text";
import { type Candidate, judgeNearDuplicate } from "../../../packages/memory/src/remember/near-duplicate.ts";
import type { QualityRow } from "./row.ts";
import { type Judged, judgedRows } from "./verdicts.ts";

interface Said {
  readonly text: string;
  readonly speaker?: string;
}

interface Pair {
  readonly a: Said;
  readonly b: Said;
  readonly label: "duplicate" | "different";
}

/** Precision and recall of merging, with MinHash and the built-in embedder as the write path has them. */
export async function mergeRows(options: { sealed?: boolean } = {}): Promise<QualityRow[] | undefined> {
  const embedder = readE0();
  const rows: QualityRow[] = [];
  for (const part of options.sealed === false ? ["open"] : ["open", "sealed"]) {
    const file = new URL(`../pairs/merge.${part}.json`, import.meta.url);
    const pairs = JSON.parse(await readFile(file, "utf8")) as Pair[];
    const vectors = await embedder.embed(pairs.flatMap(({ a, b }) => [a.text, b.text]));
    const judged = pairs.map(({ a, b, label }, i): Judged => {
      const measured = {
        jaccard: estimateJaccard(minhash(a.text), minhash(b.text)),
        cosine: cosine(vectors[2 * i], vectors[2 * i + 1]),
      };
      const { verdict } = judgeNearDuplicate(candidate(a), candidate(b), measured);
      return { positive: label === "duplicate", claimed: verdict === "duplicate" };
    });
    rows.push(...judgedRows(`own pairs, merge, ${part}`, judged));
  }
  return rows;
}

function candidate({ text, speaker }: Said): Candidate {
  return { content: text, language: guessLanguage(text).language, speaker };
}

function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  let dot = 0;
  let left = 0;
  let right = 0;
  for (const [i, x] of (a ?? []).entries()) {
    const y = b?.[i] ?? 0;
    dot += x * y;
    left += x * x;
    right += y * y;
  }
  return left === 0 || right === 0 ? 0 : dot / Math.sqrt(left * right);
}
