/** Members, their concatenation and the fusion, judged side by side. */

import { loadMatrices, type Matrices } from "@nexus/kernels";

import { createFuseMoe } from "../../src/fusemoe/fusion.ts";
import type { FusionWeights } from "../../src/fusemoe/weights.ts";
import { type Judgement, judge, type Space } from "./judge.ts";
import type { Member } from "./members.node.ts";
import type { Pair } from "./pairs.node.ts";
import { conversationTasks, heldOutTask, type Judged } from "./tasks.node.ts";

/** On pairs held out of training, and on the repository's conversations for fitting. */
export interface Both {
  readonly heldOut: Judgement;
  readonly conversations: Judgement;
}

export interface Rival {
  readonly name: string;
  readonly judgement: Both;
}

export interface Judges {
  /** Each member alone, and all side by side, by their dimensions. */
  rivals(): Rival[];
  fused(weights: FusionWeights): Both;
}

const CONVERSATIONS = new URL("../../../../test/eval/conversations/", import.meta.url);
const ROWS = 256;

export async function createJudges(
  members: readonly Member[],
  heldOut: readonly Pair[],
  matrices: Matrices,
): Promise<Judges> {
  const sets = [heldOutTask(heldOut), conversationTasks(CONVERSATIONS)] as const;
  const vectors: Float32Array[][] = [[], []];
  for (const member of members) {
    vectors[0]!.push(await member.vectors(sets[0].texts));
    vectors[1]!.push(await member.vectors(sets[1].texts));
  }
  const both = (space: (own: readonly Float32Array[], set: Judged) => Space): Both => {
    const [first, second] = sets.map((set, i) => judge(matrices, space(vectors[i]!, set), set.tasks));
    return { heldOut: first!, conversations: second! };
  };
  return {
    rivals: () => [
      ...members.map(({ id, dimension }, m) => ({
        name: id,
        judgement: both((own) => ({ dimension, vectors: own[m]! })),
      })),
      { name: "concatenation", judgement: both((own, { texts }) => concatenated(members, own, texts.length)) },
    ],
    fused(weights) {
      const origin = { kind: "trained", seed: 0, on: "a judgement", models: {} } as const;
      const fusion = createFuseMoe({ ...weights, origin }, { matrices: loadMatrices, capacity: ROWS });
      return both((own, { texts }) => {
        const dimension = fusion.shape.output;
        const all = new Float32Array(texts.length * dimension);
        const inputs = texts.map((_, i) => new Map(members.map((member, m) => [member.id, rowAt(own[m]!, member, i)])));
        for (const [i, fused] of fusion.fuseBatch(inputs).entries()) {
          // A text that no member knows stays zero, as it is for the members.
          if ("vector" in fused) all.set(fused.vector, i * dimension);
        }
        return { dimension, vectors: all };
      });
    },
  };
}

/** Better than every member, on both sets, in recall@10 and NDCG@10, by which searches are judged; the concatenation is no member. */
export function best(judgement: Both, rivals: readonly Rival[]): boolean {
  return rivals
    .filter(({ name }) => name !== "concatenation")
    .every(({ judgement: rival }) =>
      (["heldOut", "conversations"] as const).every(
        (set) => judgement[set].ndcgAt10 > rival[set].ndcgAt10 && judgement[set].recallAt10 > rival[set].recallAt10,
      ),
    );
}

export function told({ heldOut, conversations }: Both): string {
  const one = ({ mrr, recallAt10, ndcgAt10 }: Judgement): string =>
    `recall@10 ${recallAt10.toFixed(4)}, NDCG@10 ${ndcgAt10.toFixed(4)}, MRR ${mrr.toFixed(4)}`;
  return `held out ${one(heldOut)}; conversations ${one(conversations)}`;
}

function rowAt(vectors: Float32Array, { dimension }: Member, text: number): Float32Array {
  return vectors.subarray(text * dimension, (text + 1) * dimension);
}

/** √d·v side by side, to unit length: its cosine is the mean of the members' by their dimensions. */
function concatenated(members: readonly Member[], vectors: readonly Float32Array[], texts: number): Space {
  const dimension = members.reduce((sum, member) => sum + member.dimension, 0);
  const all = new Float32Array(texts * dimension);
  for (let text = 0; text < texts; text++) {
    let at = text * dimension;
    for (const [m, member] of members.entries()) {
      const scale = Math.sqrt(member.dimension / dimension);
      for (const value of rowAt(vectors[m]!, member, text)) all[at++] = scale * value;
    }
  }
  return { dimension, vectors: all };
}
