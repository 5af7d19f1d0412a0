/** Patterns: what three memories or more of one user and domain have in common. Found from their words, and from what was rated. */

import type { Memory, PatternType } from "@nexus/core";
import { topicsOf } from "./topics.ts";

type FoundType = Exclude<PatternType, "trend">;

export interface FoundPattern {
  readonly type: FoundType;
  readonly domain: string;
  /** Its topics as they are mostly written, the leading one first. */
  readonly terms: readonly string[];
  /** Oldest first. */
  readonly memoryIds: readonly string[];
}

/** A memory as patterns see it. */
export interface Told {
  readonly id: string;
  readonly domain: string;
  /** When it was so, milliseconds. */
  readonly at: number;
  readonly kinds: readonly FoundType[];
  readonly topics: ReadonlyMap<string, string>;
}

export const MIN_MEMORIES = 3;
const MAX_PATTERNS = 200;
const MAX_TERMS = 8;
const DAY_MS = 86_400_000;
/** Topics whose memories overlap so far (Jaccard) make one pattern. */
const SAME_MEMORIES = 0.6;

/** What a memory has to say to count for a kind, in English and Spanish: words of liking, of recurrence, of having worked. */
const CUES: readonly (readonly [FoundType, RegExp])[] = [
  [
    "preference",
    /\b(?:loves?|loved|likes?|liked|enjoy(?:s|ed)?|prefer(?:s|red)?|favou?rites?|hates?|hated|dislikes?|disliked|adores?|can't stand|fan of|me gustan?|me encantan?|prefiero|prefiere|odio|odia|favorit[oa]s?)\b/iu,
  ],
  [
    "habit",
    /\b(?:every|each|always|usually|often|never|daily|weekly|nightly|monthly|(?:mon|tues|wednes|thurs|fri|satur|sun)days|cada|siempre|suelo|suele|normalmente|a menudo|nunca|tod[oa]s l[oa]s)\b/iu,
  ],
  [
    "solution",
    /\b(?:fix(?:ed)?|solved|worked|helped|saved|the trick|turned out|did it|showed that|lesson|learn(?:ed|t)|instead|since then|the fix|arregl(?:é|ó|ado)|solucion(?:é|ó|ado)|funcionó|ayudó|aprend(?:í|ió))(?![\p{L}\p{N}])/iu,
  ],
];
/** UTF-16 units that are searched for cues. */
const READ = 2_000;

export function toldOf(memories: readonly Memory[]): Told[] {
  return memories.map((memory) => {
    const text = memory.content.slice(0, READ);
    return {
      id: memory.id,
      domain: memory.domain ?? "general",
      at: (memory.validFrom ?? memory.createdAt).getTime(),
      kinds: CUES.filter(([, cue]) => cue.test(text)).map(([kind]) => kind),
      // "fixed" and "every" say of what kind a memory is, not what it is about.
      topics: new Map([...topicsOf(memory)].filter(([, label]) => !CUES.some(([, cue]) => cue.test(label)))),
    };
  });
}

/**
 * Patterns from words alone: three memories of one domain that say that something is liked, recurs or has worked, about
 * one topic; a habit on three different days. At most 200, the most frequent first.
 */
export function topicalPatterns(told: readonly Told[]): FoundPattern[] {
  const groups = new Map<string, { type: FoundType; domain: string; topic: string; members: Told[] }>();
  for (const one of told) {
    for (const type of one.kinds) {
      for (const topic of one.topics.keys()) {
        const key = `${type}\0${one.domain}\0${topic}`;
        const group = groups.get(key) ?? { type, domain: one.domain, topic, members: [] };
        group.members.push(one);
        groups.set(key, group);
      }
    }
  }
  const large = [...groups.values()]
    .filter(
      ({ type, members }) => members.length >= MIN_MEMORIES && (type !== "habit" || days(members) >= MIN_MEMORIES),
    )
    .sort((a, b) => b.members.length - a.members.length || (a.topic < b.topic ? -1 : 1));
  const kept: typeof large = [];
  for (const group of large) {
    if (kept.length === MAX_PATTERNS) break;
    const isSame = (other: (typeof large)[number]): boolean =>
      other.type === group.type &&
      other.domain === group.domain &&
      overlap(other.members, group.members) >= SAME_MEMORIES;
    if (!kept.some(isSame)) kept.push(group);
  }
  return kept.map(({ type, domain, topic, members }) => ({
    type,
    domain,
    terms: sharedTerms(members, topic),
    memoryIds: members.toSorted((a, b) => a.at - b.at).map(({ id }) => id),
  }));
}

/** Topics that at least half of the memories have, the lead first, as they are mostly written. */
export function sharedTerms(members: readonly Told[], lead?: string): string[] {
  const counts = new Map<string, Map<string, number>>();
  for (const { topics } of members) {
    for (const [key, label] of topics) {
      const labels = counts.get(key) ?? new Map<string, number>();
      labels.set(label, (labels.get(label) ?? 0) + 1);
      counts.set(key, labels);
    }
  }
  const total = (labels: ReadonlyMap<string, number>): number => [...labels.values()].reduce((sum, n) => sum + n, 0);
  return [...counts]
    .filter(([key, labels]) => key === lead || total(labels) * 2 >= members.length)
    .sort(
      (a, b) => Number(b[0] === lead) - Number(a[0] === lead) || total(b[1]) - total(a[1]) || (a[0] < b[0] ? -1 : 1),
    )
    .slice(0, MAX_TERMS)
    .map(([, labels]) => [...labels].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? "");
}

function days(members: readonly Told[]): number {
  return new Set(members.map(({ at }) => Math.floor(at / DAY_MS))).size;
}

function overlap(a: readonly Told[], b: readonly Told[]): number {
  const ids = new Set(a.map(({ id }) => id));
  const both = b.filter(({ id }) => ids.has(id)).length;
  return both / (a.length + b.length - both);
}
