/** Results that say the same: the best of them stays, names the others and is scored with their sources too. */

import type { Memory } from "@nexus/core";
import { conflict, type Facts, factsOf } from "@nexus/text";
import type { FusionSettings } from "../defaults.ts";
import type { Hydrated } from "../recall/hydrate.ts";
import type { SourceName } from "../requests.ts";
import { agreementOf, scoreOf } from "./fuse.ts";

export interface Folded extends Hydrated {
  /** Ids of those that say the same, best first. */
  readonly duplicates: readonly string[];
}

/** Cosine from which two texts may say the same; the guards decide. */
const ALIKE = 0.95;
/** The squared distance of unit vectors at that cosine, with room for vectors whose length is not quite 1. */
const APART = 2 * (1 - ALIKE) + 0.01;
/** Dimensions after which the distance is looked at. */
const BLOCK = 16;

/**
 * Duplicates have the same user and speaker and the same words, or, where `vectors` has both, a cosine of at least .95 and nothing in
 * them that speaks against it: other numbers, dates, names, negation.
 *
 * shapes   `vectors`: unit vectors by memory, all of one length
 * cost     a comparison for each pair of results, mostly of a few dimensions; a µs more for pairs that are alike
 */
export function foldDuplicates(
  kept: readonly Hydrated[],
  settings: FusionSettings,
  vectors: ReadonlyMap<string, Float32Array> = new Map(),
): Folded[] {
  const saySame = judgeBy(vectors);
  const groups: { readonly first: Hydrated; readonly others: Hydrated[] }[] = [];
  for (const one of kept) {
    const group = groups.find(({ first }) => saySame(first.memory, one.memory));
    if (group) group.others.push(one);
    else groups.push({ first: one, others: [] });
  }
  return groups
    .map(({ first, others }) => (others.length === 0 ? { ...first, duplicates: [] } : joined(first, others, settings)))
    .sort((a, b) => b.fused.score - a.fused.score);
}

/** Whether two memories say the same. What a text claims is read once, however many it is compared with. */
function judgeBy(vectors: ReadonlyMap<string, Float32Array>): (a: Memory, b: Memory) => boolean {
  const read = new Map<string, Facts>();
  const claims = ({ id, content, language }: Memory): Facts => {
    const facts = read.get(id) ?? factsOf(content, { language });
    read.set(id, facts);
    return facts;
  };
  return (a, b) => {
    if (a.userId !== b.userId || a.speaker !== b.speaker) return false;
    if (a.contentHash === b.contentHash) return true;
    const [left, right] = [vectors.get(a.id), vectors.get(b.id)];
    if (!left || !right || !areNear(left, right)) return false;
    return conflict(claims(a), claims(b)) === undefined;
  };
}

function joined({ fused, memory }: Hydrated, others: readonly Hydrated[], settings: FusionSettings): Folded {
  const all = [fused, ...others.map((other) => other.fused)];
  const sources = new Set<SourceName>(all.flatMap(({ candidate }) => [...candidate.sources]));
  const agreement = agreementOf(sources, settings);
  return {
    memory,
    fused: {
      ...fused,
      candidate: { ...fused.candidate, sources },
      factors: { ...fused.factors, agreement },
      score: scoreOf(fused.factors, settings.weights, agreement),
    },
    duplicates: others.map((other) => other.memory.id),
  };
}

/** Unit vectors with a cosine of `ALIKE` or more. Most pairs are further apart than that after their first dimensions. */
function areNear(a: Float32Array, b: Float32Array): boolean {
  let dot = 0;
  let apart = 0;
  for (let from = 0; from < a.length; from += BLOCK) {
    const to = Math.min(from + BLOCK, a.length);
    for (let i = from; i < to; i++) {
      const x = a[i] ?? 0;
      const y = b[i] ?? 0;
      dot += x * y;
      apart += (x - y) * (x - y);
    }
    if (apart > APART) return false;
  }
  return dot >= ALIKE;
}
