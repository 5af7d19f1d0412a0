/**
 * Ablation of the accuracy engine's quality: of two memories that read alike the better rated one is wanted, and of a
 * remark and a statement the statement. Off = the same product with quality weighing nothing.
 */

import type { Factors, NewMemory } from "@nexus/memory";
import type { QualityRow } from "../quality/row.ts";
import { type EngineWorld, mean, openEngineWorld, quality, question } from "./engine-world.ts";

const USER = "eval";
const HOUR_MS = 3_600_000;
const THINGS = (
  "cellar garage bicycle attic letterbox piano cupboard boathouse greenhouse caravan locker studio chapel workshop " +
  "cottage barn tower pantry office stable"
).split(" ");
const ON: Factors = { semantic: 0.35, keyword: 0.25, recency: 0.2, quality: 0.1, domain: 0.05, preference: 0 };

export async function accuracyRows(): Promise<QualityRow[]> {
  const world = await openEngineWorld();
  try {
    const places = await tell(world, ["hangs in the hall", "hangs in the shed"]);
    const remarks = await tell(world, ["? Which one?", "lies under the third stone from the left."], "lamp");
    const on = world.service({ fusion: fusionOf(world, ON) });
    for (const [i, thing] of THINGS.entries()) {
      const { queryId } = await on.memory.recall(world.scope, question(`${thing} key`, USER));
      const [good, bad] = i % 2 === 0 ? [0, 1] : [1, 0];
      await on.memory.rate(world.writer, { queryId, memoryId: places[i]?.[good] ?? "", rating: 1 });
      await on.memory.rate(world.writer, { queryId, memoryId: places[i]?.[bad] ?? "", rating: -1 });
    }
    const rated = (i: number): string => places[i]?.[i % 2 === 0 ? 0 : 1] ?? "";
    const row = async (metric: string, noun: string, wanted: (i: number) => string): Promise<QualityRow> => ({
      set: "alike but for their worth (made)",
      metric,
      value: await first(world, ON, noun, wanted),
      baseline: await first(world, { ...ON, quality: 0 }, noun, wanted),
      rival: "quality weighs nothing",
      samples: THINGS.length,
    });
    return [
      await row("NDCG@10 of the better rated of two", "key", rated),
      await row("NDCG@10 of a statement beside a remark", "lamp", (i) => remarks[i]?.[1] ?? ""),
    ];
  } finally {
    await world.close();
  }
}

/** Two memories a thing, at the same moment. */
async function tell(world: EngineWorld, ends: readonly [string, string], noun = "key"): Promise<string[][]> {
  const memories = THINGS.flatMap((thing, i) =>
    ends.map((end): NewMemory => {
      const content = `The ${thing} ${noun} ${end}`;
      return { content, userId: USER, metadata: {}, createdAt: new Date(world.clock.now() - i * HOUR_MS) };
    }),
  );
  const ids = await world.tell(memories);
  return THINGS.map((_, i) => ids.slice(2 * i, 2 * i + 2));
}

async function first(
  world: EngineWorld,
  weights: Factors,
  noun: string,
  wanted: (i: number) => string,
): Promise<number> {
  // Neither mode may answer from the other's cache.
  await world.tell([{ content: `Looked for the ${noun} with ${weights.quality}.`, userId: USER, metadata: {} }]);
  const { memory } = world.service({ fusion: fusionOf(world, weights) });
  const scores = [];
  for (const [i, thing] of THINGS.entries()) {
    const answer = await memory.recall(world.scope, question(`${thing} ${noun}`, USER));
    scores.push(quality(answer, new Set([wanted(i)])).ndcg);
  }
  return mean(scores);
}

function fusionOf(world: EngineWorld, weights: Factors) {
  return { ...world.dependencies.settings.fusion, weights };
}
