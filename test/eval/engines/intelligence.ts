/**
 * Ablation of the intelligence engine: 44 things learnt in one domain, each rated good once for a question of another,
 * then the question on another day. Off = the same product without the engine.
 */

import { calibrated } from "../../../packages/memory/src/engines/solutions.ts";
import type { QualityRow } from "../quality/row.ts";
import { ownSets } from "../sets/own.ts";
import { type CrossDomainCase, crossDomainCases } from "./cross-domain.ts";
import { type EngineWorld, inFull, mean, openEngineWorld, quality, question } from "./engine-world.ts";

const USER = "eval";
const HOUR_MS = 3_600_000;
const SET = "cross-domain (made), half not tuned on";

export async function intelligenceRows(): Promise<QualityRow[]> {
  const world = await openEngineWorld();
  try {
    const cases = crossDomainCases();
    const ids = await tellAll(world, cases);
    const rateable = await rateFirst(world, cases, ids);
    await learn(world);
    // Odd cases: the even ones are those that the likeness and the share of what is learnt were chosen on.
    const shown = cases.map((one, i) => ({ one, wanted: new Set(ids[i]) })).filter((_, i) => i % 2 === 1);
    const off = await ask(world, shown, false);
    const on = await ask(world, shown, true);
    const strangers = await takenForAnother(world, cases);
    const samples = shown.length;
    const rival = "engine off";
    return [
      row("recall@10 of what helped before", mean(on.map(({ recall }) => recall)), samples, {
        baseline: mean(off.map(({ recall }) => recall)),
        rival,
      }),
      row("NDCG@10 of what helped before", mean(on.map(({ ndcg }) => ndcg)), samples, {
        baseline: mean(off.map(({ ndcg }) => ndcg)),
        rival,
      }),
      row("memories that could be rated, since the first answer had them", rateable, 3 * cases.length),
      row("questions for which it brings anything", mean(on.map(({ brought }) => Number(brought))), samples),
      ...strangers,
    ];
  } finally {
    await world.close();
  }
}

function row(metric: string, value: number, samples: number, rest: Partial<QualityRow> = {}): QualityRow {
  return { set: SET, metric, value, samples, ...rest };
}

async function tellAll(world: EngineWorld, cases: readonly CrossDomainCase[]): Promise<string[][]> {
  const told = cases.flatMap(({ memories }) => memories);
  const ids = await world.tell(
    told.map((content, i) => ({
      content,
      userId: USER,
      metadata: {},
      createdAt: new Date(world.clock.now() - (told.length - i) * HOUR_MS),
    })),
  );
  let next = 0;
  return cases.map(({ memories }) => memories.map(() => ids[next++] ?? ""));
}

/** Rates each case's memories good in the answer to its first question; the share that the answer had. */
async function rateFirst(world: EngineWorld, cases: readonly CrossDomainCase[], ids: string[][]): Promise<number> {
  const { memory } = world.service({ engines: { ...world.dependencies.settings.engines, intelligence: false } });
  let [rated, all] = [0, 0];
  for (const [i, { first }] of cases.entries()) {
    const { queryId, results } = await memory.recall(
      world.scope,
      question(first, USER, { k: 200, mode: "maxAccuracy" }),
    );
    const found = new Set(results.map((result) => result.memory.id));
    for (const memoryId of ids[i] ?? []) {
      all++;
      if (!found.has(memoryId)) continue;
      await memory.rate(world.writer, { queryId, memoryId, rating: 1 });
      rated++;
    }
  }
  return rated / all;
}

async function learn(world: EngineWorld): Promise<void> {
  const { background } = world.service();
  await background.sweep(world.scope);
  world.clock.advance(25 * HOUR_MS);
  await world.tell([{ content: "The day after was quiet.", userId: USER, metadata: {} }]);
  await background.sweep(world.scope);
}

async function ask(
  world: EngineWorld,
  asked: readonly { readonly one: CrossDomainCase; readonly wanted: ReadonlySet<string> }[],
  intelligence: boolean,
) {
  // A service of its own: neither mode may answer from the other's cache.
  world.clock.advance(HOUR_MS);
  await world.tell([
    { content: `Asked again, ${intelligence ? "with" : "without"} help.`, userId: USER, metadata: {} },
  ]);
  const { memory } = world.service({ engines: { ...world.dependencies.settings.engines, intelligence } });
  const answers = [];
  for (const { one, wanted } of asked) {
    const answer = await inFull(() => memory.recall(world.scope, question(one.later, USER)));
    const brought = answer.results.some(({ sources }) => sources.includes("intelligence"));
    answers.push({ ...quality(answer, wanted), brought });
  }
  return answers;
}

/** How often a later question is taken for another case's, and a question of the repository's own conversations for any. */
async function takenForAnother(world: EngineWorld, cases: readonly CrossDomainCase[]): Promise<QualityRow[]> {
  const { embedder, settings } = world.dependencies;
  const { unrelatedCosine } = embedder.describe();
  const firsts = await embedder.embed(cases.map(({ first }) => first));
  const laters = await embedder.embed(cases.map(({ later }) => later));
  const isLike = (a: Float32Array, b: Float32Array): boolean =>
    calibrated(a, b, unrelatedCosine) >= settings.engines.likeness;
  const wrong = laters.map((later, i) => firsts.filter((first, j) => i !== j && isLike(first, later)).length);
  const questions = ownSets().flatMap(({ corpora }) =>
    corpora.flatMap((corpus) => corpus.questions.map(({ text }) => text)),
  );
  const others = await embedder.embed(questions);
  const strangers = others.filter((other) => firsts.some((first) => isLike(first, other))).length;
  return [
    row(
      "other cases that a question is taken for, each",
      mean(wrong.filter((_, i) => i % 2 === 1)),
      laters.length >> 1,
    ),
    {
      set: "own conversations",
      metric: "questions taken for one of the 44",
      value: strangers / Math.max(1, others.length),
      samples: others.length,
    },
  ];
}
