/**
 * Ablation of the mining engine: 24 topics planted into the repository's own conversations, 12 of them new or grown
 * this week, 6 as frequent as last week and 6 too rare. Off = the week's most frequent words, and a search without the engine.
 */

import type { NewMemory } from "@nexus/memory";
import { mentionsOf, recentMemories } from "../../../packages/memory/src/engines/recent.ts";
import { WINDOW_MS } from "../../../packages/memory/src/engines/mining.ts";
import { seeded } from "../../support/random.ts";
import type { QualityRow } from "../quality/row.ts";
import { ownSets } from "../sets/own.ts";
import { type EngineWorld, inFull, mean, openEngineWorld, quality, question } from "./engine-world.ts";

const USER = "eval";
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const BACKGROUND = 1_200;
const GROWN =
  "kayak sourdough beehive violin origami telescope mosaic unicycle kombucha bonsai accordion falconry".split(" ");
const STEADY = "physiotherapy gutter allotment tuba chess compost".split(" ");
const RARE = "sextant marimba zeppelin abacus gondola theremin".split(" ");
const QUESTIONS = [
  "What have I been busy with lately?",
  "What has been on my mind this week?",
  "What am I into these days?",
  "What are my interests at the moment?",
];
const SET = "planted in own conversations (made)";

export async function miningRows(): Promise<QualityRow[]> {
  const world = await openEngineWorld();
  try {
    const now = world.clock.now();
    const texts = turns();
    await world.tell(spread(texts.slice(0, BACKGROUND), now, 60 * DAY_MS));
    const planted = await plant(world, texts.slice(BACKGROUND), now);
    const { memory } = world.service();
    const found = (await memory.trends(world.scope, { userId: USER, window: "week", limit: 100 })).map(({ topic }) =>
      topic.toLowerCase(),
    );
    const isGrown = (topic: string): boolean => GROWN.some((word) => topic.includes(word));
    const recalled = GROWN.filter((word) => found.some((topic) => topic.includes(word))).length;
    const frequent = await mostFrequent(world, now, found.length);
    const samples = GROWN.length + STEADY.length + RARE.length;
    return [
      {
        set: SET,
        metric: "precision of the trends found",
        value: found.filter(isGrown).length / Math.max(1, found.length),
        baseline: frequent.filter(isGrown).length / Math.max(1, frequent.length),
        rival: "the week's most frequent topics",
        samples: found.length,
      },
      {
        set: SET,
        metric: "recall of the planted trends",
        value: recalled / GROWN.length,
        baseline: GROWN.filter((word) => frequent.some((topic) => topic.includes(word))).length / GROWN.length,
        rival: "the week's most frequent topics",
        samples,
      },
      await asked(world, planted),
    ];
  } finally {
    await world.close();
  }
}

/** Turns of the conversations, shuffled: in their own order they have trends of their own, which nobody labelled. */
function turns(): string[] {
  const next = seeded(3);
  return ownSets()
    .flatMap(({ corpora }) => corpora.flatMap(({ items }) => items.map(({ text }) => ({ text, place: next() }))))
    .sort((a, b) => a.place - b.place)
    .map(({ text }) => text);
}

/** `texts` spread evenly over the time that ends at `to`, milliseconds. */
function spread(texts: readonly string[], to: number, ms: number): NewMemory[] {
  return texts.map((content, i) => ({
    content,
    userId: USER,
    metadata: {},
    createdAt: new Date(to - (ms * (i + 0.5)) / texts.length),
  }));
}

/** Ids of the memories of each grown topic this week. A topic comes at the end of a turn of any kind. */
async function plant(world: EngineWorld, texts: readonly string[], now: number): Promise<string[][]> {
  let used = 0;
  const tell = async (word: string, count: number, weeksAgo: number): Promise<string[]> => {
    const said = Array.from({ length: count }, () => `${texts[used++ % texts.length]} Then there was the ${word}.`);
    return await world.tell(spread(said, now - weeksAgo * WINDOW_MS.week, WINDOW_MS.week));
  };
  const grown: string[][] = [];
  for (const [i, word] of GROWN.entries()) {
    grown.push(await tell(word, 5 + (i % 6), 0));
    // Every third was there before, a third as often or less.
    if (i % 3 === 0) await tell(word, 1 + (i % 2), 1);
  }
  for (const word of STEADY) for (const weeksAgo of [0, 1, 2, 3]) await tell(word, 7, weeksAgo);
  for (const word of RARE) await tell(word, 3, 0);
  return grown;
}

async function mostFrequent(world: EngineWorld, now: number, count: number): Promise<string[]> {
  const counts = new Map<string, number>();
  for (const { at, topics } of mentionsOf(await recentMemories(world.reader, USER, now))) {
    if (at <= now - WINDOW_MS.week) continue;
    for (const label of topics.values()) counts.set(label.toLowerCase(), (counts.get(label.toLowerCase()) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, count)
    .map(([label]) => label);
}

/** Questions about the present: the share of the answer that is of a planted trend. */
async function asked(world: EngineWorld, planted: readonly string[][]): Promise<QualityRow> {
  const { background: jobs } = world.service();
  await jobs.sweep(world.scope);
  world.clock.advance(HOUR_MS + 1);
  await world.tell([{ content: "An hour later.", userId: USER, metadata: {} }]);
  await jobs.sweep(world.scope);
  const wanted = new Set(planted.flat());
  const share = async (mining: boolean): Promise<number> => {
    await world.tell([{ content: `Asked ${mining ? "with" : "without"} trends.`, userId: USER, metadata: {} }]);
    const { memory } = world.service({ engines: { ...world.dependencies.settings.engines, mining } });
    const answers = [];
    for (const text of QUESTIONS) {
      const answer = await inFull(() => memory.recall(world.scope, question(text, USER, { mode: "maxAccuracy" })));
      answers.push(quality(answer, wanted).ndcg);
    }
    return mean(answers);
  };
  return {
    set: SET,
    metric: "NDCG@10 of trends' memories, questions about the present on maximum",
    value: await share(true),
    baseline: await share(false),
    rival: "engine off",
    samples: QUESTIONS.length,
  };
}
