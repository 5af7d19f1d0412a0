/** Results that say the same: the best of them stays, names the others and is scored with their sources too. */

import type { Memory } from "@nexus/core";
import { conflict, factsOf } from "@nexus/text";
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

/**
 * Duplicates have the same user and speaker and the same words, or, where `vectors` has both, a cosine of at least .95 and nothing in
 * them that speaks against it: other numbers, dates, names, negation.
 *
 * shapes   `vectors`: unit vectors by memory, all of one length
 * cost     a comparison for each pair of results; a few µs more for pairs that are alike
 */
export function foldDuplicates(
  kept: readonly Hydrated[],
  settings: FusionSettings,
  vectors: ReadonlyMap<string, Float32Array> = new Map(),
): Folded[] {
  const groups: { readonly first: Hydrated; readonly others: Hydrated[] }[] = [];
  for (const one of kept) {
    const group = groups.find(({ first }) => saySame(first.memory, one.memory, vectors));
    if (group) group.others.push(one);
    else groups.push({ first: one, others: [] });
  }
  return groups
    .map(({ first, others }) => (others.length === 0 ? { ...first, duplicates: [] } : joined(first, others, settings)))
    .sort((a, b) => b.fused.score - a.fused.score);
}

function saySame(a: Memory, b: Memory, vectors: ReadonlyMap<string, Float32Array>): boolean {
  if (a.userId !== b.userId || a.speaker !== b.speaker) return false;
  if (a.contentHash === b.contentHash) return true;
  const [left, right] = [vectors.get(a.id), vectors.get(b.id)];
  if (!left || !right || cosine(left, right) < ALIKE) return false;
  const [told, other] = [a, b].map(({ content, language }) => factsOf(content, { language }));
  return told !== undefined && other !== undefined && conflict(told, other) === undefined;
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

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
