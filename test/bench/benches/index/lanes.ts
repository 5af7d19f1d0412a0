/** Ways of searching, each set to find enough, and timed in turns. */

import { type Dataset, K, recallOf } from "../../datasets/dataset.ts";
import type { Competitor } from "./children.ts";
import { OURS } from "./ours.ts";

/** One way of one contender, at its setting. */
export interface Lane {
  readonly competitor: Competitor;
  readonly way: number;
  readonly name: string;
  readonly setting: string;
  readonly recall: number;
  readonly milliseconds: number[];
}

export const ENOUGH = 0.99;
const BLOCK = 50;
/** The lowest setting that finds enough, by halving; the highest where none does. */
export async function laneOf(competitor: Competitor, way: number, dataset: Dataset): Promise<Lane> {
  const { name, unit, settings } = competitor.built.ways[way]!;
  const tried = new Map<number, { recall: number; plan: string | undefined }>();
  const at = async (place: number): Promise<{ recall: number; plan: string | undefined }> => {
    const known = tried.get(place);
    if (known) return known;
    await competitor.set(way, settings[place]!);
    const { ids, plan } = await competitor.answer(way, { from: 0, count: dataset.questions, k: K });
    const result = { recall: meanRecall(dataset, ids), plan };
    tried.set(place, result);
    return result;
  };
  let [low, high] = [0, settings.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((await at(middle)).recall >= ENOUGH) high = middle;
    else low = middle + 1;
  }
  const { recall, plan } = await at(low);
  await competitor.set(way, settings[low]!);
  const own = competitor.contender.name === OURS;
  return {
    competitor,
    way,
    name: own ? `${OURS}, ${name}` : name,
    // A plan that is no graph has no use for ef.
    setting: unit === "ef" && plan !== undefined && plan !== "graph" ? plan : `${unit} ${settings[low]}`,
    recall,
    milliseconds: [],
  };
}

function meanRecall(dataset: Dataset, ids: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < dataset.questions; i++) {
    const found = ids.subarray(i * K, (i + 1) * K);
    sum += recallOf(
      dataset,
      i,
      found.filter((id) => id >= 0),
    );
  }
  return sum / dataset.questions;
}

/** Blocks in turns, until the time is up; every lane has had the same queries. */
export async function time(
  lanes: readonly Lane[],
  { dataset, seconds }: { dataset: Dataset; seconds: number },
): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  for (let round = 0; round < 3 || performance.now() < end; round++) {
    const from = (round * BLOCK) % dataset.questions;
    const count = Math.min(BLOCK, dataset.questions - from);
    for (const { competitor, way, milliseconds } of lanes) {
      const block = await competitor.answer(way, { from, count, k: K });
      milliseconds.push(...block.milliseconds);
    }
  }
}
