/**
 * Ablations of the learning engine: a user who likes what two of six people suggest, and tenants whose users like
 * what is recent. Off = the same product, or the default weights, without their ratings.
 */

import { learnWeights, type RatedFactors } from "../../../packages/memory/src/engines/weights.ts";
import { FACTOR_NAMES, scoreOf } from "../../../packages/memory/src/fusion/fuse.ts";
import type { Factors } from "@nexus/memory";
import { seeded } from "../../support/random.ts";
import type { QualityRow } from "../quality/row.ts";
import { type EngineWorld, mean, openEngineWorld, quality, question } from "./engine-world.ts";

const USER = "eval";
const HOUR_MS = 3_600_000;
const PEOPLE = ["Ana", "Ben", "Cleo", "Dov", "Ema", "Finn"];
const LIKED: ReadonlySet<string> = new Set(["Ana", "Ben"]);
const THINGS =
  "workshop concert walk dinner course market film reading exhibition trip match picnic podcast museum garden lecture".split(
    " ",
  );
const RATED_THINGS = 8;
/** The weights of details.md, 5: what preference may weigh beside the others. */
const CENTRE: Factors = { semantic: 0.35, keyword: 0.25, recency: 0.2, quality: 0.1, domain: 0.05, preference: 0.05 };

export async function learningRows(): Promise<QualityRow[]> {
  return [...(await preferences()), ...weights()];
}

async function preferences(): Promise<QualityRow[]> {
  const world = await openEngineWorld();
  try {
    const ids = await suggest(world);
    const fusion = { ...world.dependencies.settings.fusion, weights: CENTRE };
    const { memory } = world.service({ fusion });
    const asked = (thing: string) => question(`Which ${thing} could I go to?`, USER);
    const held = THINGS.slice(RATED_THINGS);
    const ask = async (): Promise<number> => {
      const scores = [];
      for (const thing of held) {
        const wanted = new Set([...LIKED].map((name) => ids.get(`${name} ${thing}`) ?? ""));
        scores.push(quality(await memory.recall(world.scope, asked(thing)), wanted).ndcg);
      }
      return mean(scores);
    };
    const off = await ask();
    let samples = 0;
    for (const thing of THINGS.slice(0, RATED_THINGS)) {
      const { queryId, results } = await memory.recall(world.scope, asked(thing));
      for (const result of results) {
        const { speaker } = result.memory;
        if (!result.memory.content.includes(thing) || speaker === undefined) continue;
        await memory.rate(world.writer, { queryId, memoryId: result.memory.id, rating: LIKED.has(speaker) ? 1 : -1 });
        samples++;
      }
    }
    const on = await ask();
    await memory.resetProfile(world.writer, USER);
    const reset = await ask();
    const set = "suggestions of six people (made)";
    const rival = "no ratings";
    return [
      {
        set,
        metric: "NDCG@10 of liked people's, other things than rated",
        value: on,
        baseline: off,
        rival,
        samples: held.length,
      },
      { set, metric: "the same after a reset", value: reset, baseline: off, rival, samples: held.length },
      { set, metric: "ratings given", value: samples, samples },
    ];
  } finally {
    await world.close();
  }
}

/** Every person suggests every thing in the same words, in an order that changes from thing to thing. */
async function suggest(world: EngineWorld): Promise<Map<string, string>> {
  const pairs = THINGS.flatMap((thing, i) => PEOPLE.map((_, j) => ({ thing, speaker: PEOPLE[(i + j) % 6] ?? "" })));
  const ids = await world.tell(
    pairs.map(({ thing, speaker }, i) => ({
      content: `There is a ${thing} you could go to.`,
      userId: USER,
      speaker,
      metadata: {},
      createdAt: new Date(world.clock.now() - (pairs.length - i) * HOUR_MS),
    })),
  );
  return new Map(pairs.map(({ thing, speaker }, i) => [`${speaker} ${thing}`, ids[i] ?? ""]));
}

/** 200 ratings of made results whose users like one factor alone, judged on made queries of 30 results. */
function weights(): QualityRow[] {
  return (["semantic", "keyword", "recency"] as const).map((liked) => {
    const next = seeded(11);
    const random = (): Factors => Object.fromEntries(FACTOR_NAMES.map((name) => [name, next()])) as unknown as Factors;
    const ratings = Array.from({ length: 200 }, (): RatedFactors => {
      const own = random();
      const contrast = Object.fromEntries(FACTOR_NAMES.map((name) => [name, own[name] - 0.5])) as unknown as Factors;
      return { rating: contrast[liked] > 0 ? 1 : -1, contrast };
    });
    const learnt = learnWeights(CENTRE, ratings) ?? CENTRE;
    const queries = Array.from({ length: 200 }, () => Array.from({ length: 30 }, random));
    return {
      set: `users who like ${liked} alone (made)`,
      metric: "NDCG@10, weights learnt within ± 50 %",
      value: mean(queries.map((results) => ndcg(results, learnt, liked))),
      baseline: mean(queries.map((results) => ndcg(results, CENTRE, liked))),
      rival: "default weights",
      samples: queries.length,
    };
  });
}

/** The five that are highest in the liked factor are wanted. */
function ndcg(results: readonly Factors[], weights: Factors, liked: keyof Factors): number {
  const wanted = new Set(results.toSorted((a, b) => b[liked] - a[liked]).slice(0, 5));
  const ranked = results.toSorted((a, b) => scoreOf(b, weights, 1) - scoreOf(a, weights, 1)).slice(0, 10);
  const gain = ranked.reduce((sum, one, i) => sum + (wanted.has(one) ? 1 / Math.log2(i + 2) : 0), 0);
  return gain / [0, 1, 2, 3, 4].reduce((sum, i) => sum + 1 / Math.log2(i + 2), 0);
}
