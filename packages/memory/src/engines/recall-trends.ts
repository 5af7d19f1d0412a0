/** Mining engine at query time: what a question about nothing but the present is answered with. */

import type { Pattern, RecordReader } from "@nexus/core";
import { guessLanguage } from "@nexus/text";
import { hasExpired, payloadOf } from "../subject.ts";
import type { Brought, EngineInput } from "./intelligence.ts";
import type { TrendWindow } from "./mining.ts";
import { topicWords } from "./topics.ts";
import { storedTrends } from "./trend-rows.ts";

const MAX_TRENDS = 5;
const MAX_BROUGHT = 50;

/** Words that place a question in the present, in English and Spanish, and how far the present goes back. */
const PRESENT: readonly (readonly [RegExp, TrendWindow])[] = [
  [/\b(?:today|right now|hoy|ahora mismo)\b/iu, "day"],
  [/\b(?:this month|este mes)\b/iu, "month"],
  [
    /\b(?:lately|recently|these days|this week|at the moment|currently|últimamente|estos días|esta semana)(?![\p{L}])/iu,
    "week",
  ],
];

/** Words that ask what somebody's time goes to, and name no topic. */
const ASKING: ReadonlySet<string> = new Set(
  (
    "busy mind lately recently news interests interest interested topic topics moment focus focused focusing attention occupied " +
    "occupying trend trends trending discussed discussing subject subjects hobby hobbies notes memories memory mentioned " +
    "mentioning conversation conversations chatting theme themes days week month " +
    "ocupado ocupada mente últimamente temas tema novedades interesa interesado hablado semana mes días"
  ).split(" "),
);

/**
 * Memories of the strongest trends among a user's pattern rows, for a question such as "What have I been busy with lately?"; none for a question
 * that has a topic of its own, which other sources find by its words.
 *
 * score    share of the trend's mentions that are new: growthRate/(1 + growthRate)
 * cost     one read, of the memories; trends that no job has left are not computed here
 */
export async function recallTrends(
  patterns: readonly Pattern[],
  reader: RecordReader,
  { partition, text, now }: Pick<EngineInput, "partition" | "text" | "now">,
): Promise<Brought[]> {
  const window = PRESENT.find(([cue]) => cue.test(text))?.[1];
  if (!window || topicWords(text, guessLanguage(text).language).some((word) => !ASKING.has(word))) return [];
  const trends = (storedTrends(patterns, partition, now) ?? [])
    .filter((trend) => trend.window === window)
    .sort((a, b) => b.frequency * b.growthRate - a.frequency * a.growthRate)
    .slice(0, MAX_TRENDS);
  const found = new Map<string, { score: number; reason: string }>();
  for (const { topic, growthRate, memoryIds } of trends) {
    const score = growthRate / (1 + growthRate);
    for (const id of memoryIds) if (!found.has(id)) found.set(id, { score, reason: `about “${topic}”, of late` });
  }
  const chosen = [...found].slice(0, MAX_BROUGHT);
  if (chosen.length === 0) return [];
  const memories = await reader.get(
    "memory",
    chosen.map(([id]) => [id]),
  );
  return chosen.flatMap(([, brought], i) => {
    const memory = memories[i];
    if (!memory || memory.status !== "active" || hasExpired(memory, now)) return [];
    return [{ payload: payloadOf(memory), ...brought }];
  });
}
