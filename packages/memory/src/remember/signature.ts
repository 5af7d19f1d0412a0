/** The near-duplicate signature of a text, kept as terms of its first chunk beside those of its words. */

import type { SparseVector } from "@nexus/core";
import { LSH_HASHES, lshTerms, minhash } from "@nexus/text";

/** Texts without 12 letters and digits say too little to be near-duplicates of anything. */
const LONG_ENOUGH = /^(?:[^\p{L}\p{N}]*[\p{L}\p{N}]){12}/u;
/** Beyond it a text is compared by its hash alone. */
const LONGEST = 16_384;

/** LSH terms of the text; none for very short and very long ones. */
export function signatureTerms(content: string): Uint32Array {
  if (content.length > LONGEST || !LONG_ENOUGH.test(content)) return new Uint32Array(0);
  return lshTerms(minhash(content, LSH_HASHES));
}

/** The vector with one more term of weight 1 for each id that it lacks. */
export function withTerms({ ids, weights }: SparseVector, added: Uint32Array): SparseVector {
  if (added.length === 0) return { ids, weights };
  const all = new Map<number, number>();
  for (const id of added) all.set(id, 1);
  ids.forEach((id, i) => all.set(id, weights[i] ?? 0));
  const sorted = Uint32Array.from(all.keys()).sort();
  return { ids: sorted, weights: Float32Array.from(sorted, (id) => all.get(id) ?? 0) };
}
