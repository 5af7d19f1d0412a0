/** Memories and queries for the benches: turns and questions of the repository's own conversations, recombined by a seeded generator into as many distinct texts as are asked for. */

import { analyse } from "@nexus/router";
import type { Item } from "../../eval/eval-set.ts";
import { ownSets } from "../../eval/sets/own.ts";
import { seeded } from "../../support/random.ts";

export interface BenchMemory {
  readonly content: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly speaker: string;
  readonly externalId: string;
  readonly createdAt: string;
}

export const USER = "bench";
const SESSION_TURNS = 20;
const START = Date.parse("2025-01-01T08:00:00Z");
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const corpora = ownSets().flatMap((set) => set.corpora);

/** `count` memories in sessions of 20 turns; each is the beginning of one turn and the end of another of the same conversation. */
export function memoriesOf(
  count: number,
  { seed = 1, userId = USER }: { seed?: number; userId?: string } = {},
): BenchMemory[] {
  const random = seeded(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const seen = new Set<string>();
  const memories: BenchMemory[] = [];
  for (let tries = 0; memories.length < count; tries++) {
    const { items } = corpora[Math.floor(memories.length / SESSION_TURNS) % corpora.length]!;
    const [first, second] = [pick(items), pick(items)];
    const content = `${half(first, 0)} ${half(second, 1)}${tries > 20 * count ? ` (${tries})` : ""}`;
    if (seen.has(content)) continue;
    seen.add(content);
    const session = Math.floor(memories.length / SESSION_TURNS);
    memories.push({
      content,
      userId,
      sessionId: `session-${session}`,
      speaker: first.speaker ?? "someone",
      externalId: `${userId}-${seed}-${memories.length}`,
      createdAt: new Date(START + session * HOUR_MS + (memories.length % SESSION_TURNS) * MINUTE_MS).toISOString(),
    });
  }
  return memories;
}

/** Distinct queries: the conversations' questions, and then questions with a word of another one added. */
export function queriesOf(count: number, seed: number = 2): string[] {
  const questions = corpora.flatMap(({ questions }) => questions.map(({ text }) => text));
  const random = seeded(seed);
  const queries = new Set<string>();
  for (let i = 0; queries.size < count; i++) {
    const question = questions[i % questions.length] as string;
    const words = (questions[Math.floor(random() * questions.length)] as string).match(/\p{L}{4,}/gu) ?? [];
    queries.add(i < questions.length ? question : `${question} ${words[Math.floor(random() * words.length)] ?? i}`);
  }
  return [...queries];
}

/** Queries that a cache may answer: "what was that?" means something else each time, and is searched for anew. */
export function cacheableQueriesOf(count: number, seed: number): string[] {
  const some = queriesOf(2 * count, seed);
  return some.filter((query) => !analyse(query).hasReference).slice(0, count);
}

/** One text of about this many words. */
export function textOfWords(count: number, seed: number): string {
  const random = seeded(seed);
  const { items } = corpora[0]!;
  const words: string[] = [];
  while (words.length < count) words.push(...(items[Math.floor(random() * items.length)] as Item).text.split(" "));
  return words.slice(0, count).join(" ");
}

function half({ text }: Item, which: 0 | 1): string {
  const words = text.split(" ");
  const middle = words.length >> 1;
  return (which === 0 ? words.slice(0, middle) : words.slice(middle)).join(" ");
}
