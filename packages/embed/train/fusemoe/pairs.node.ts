/** Pairs of texts that belong together, read from data/train. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { isHeldOut } from "../held-out.ts";

export interface Pair {
  readonly a: string;
  readonly b: string;
  /** "qa", "doc", "dialog", "para" or "xling". */
  readonly kind: string;
}

export interface PairsOptions {
  /** One pair of so many is trained on. */
  readonly every: number;
  /** The most pairs to train on. */
  readonly most: number;
  /** The most pairs to hold out. */
  readonly heldOut: number;
}

export interface PairSplit {
  readonly training: readonly Pair[];
  readonly heldOut: readonly Pair[];
}

/**
 * Every n-th pair of `pairs-*.jsonl.gz`, in their order, which is shuffled already; and of those that E0's training
 * holds out, which E0 has not learnt, the first ones.
 *
 * cost     4 s
 * throws   what reading throws, and when the folder has no such files
 */
export function readPairs(folder: string, { every, most, heldOut }: PairsOptions): PairSplit {
  const files = readdirSync(folder).filter((name) => /^pairs-\d+\.jsonl\.gz$/.test(name));
  if (files.length === 0) throw new Error("no pairs-*.jsonl.gz in the folder train of --data");
  const split: { training: Pair[]; heldOut: Pair[] } = { training: [], heldOut: [] };
  let line = 0;
  let place = 0;
  for (const name of files.toSorted()) {
    const lines = gunzipSync(readFileSync(join(folder, name)))
      .toString("utf8")
      .split("\n");
    for (const text of lines) {
      if (text === "") continue;
      const { a, b, k } = JSON.parse(text) as { a: string; b: string; k: string };
      const chosen = line++ % every === 0;
      // E0 counts what its corpus keeps.
      if (a === b) continue;
      if (isHeldOut(place++)) {
        if (split.heldOut.length < heldOut) split.heldOut.push({ a, b, kind: k });
      } else if (chosen && split.training.length < most) split.training.push({ a, b, kind: k });
    }
  }
  return split;
}
