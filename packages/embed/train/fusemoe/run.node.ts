/** One training run: vectors, start, steps, and the judgement whether the result is worth keeping. */

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadMatrices } from "@nexus/kernels";

import { decodeFusion, encodeFusion } from "../../src/fusemoe/format.ts";
import { type FusionShape, widthOf } from "../../src/fusemoe/shape.ts";
import { encodeCheckpoint, restoreCheckpoint } from "./checkpoint.ts";
import { best, createJudges, type Judges, told } from "./judges.node.ts";
import type { Member } from "./members.node.ts";
import { type Pair, type PairsOptions, readPairs } from "./pairs.node.ts";
import { type MemberVectors, rowOf, type TrainingRow } from "./rows.ts";
import { startingWeights } from "./start.ts";
import { createTrainer, type Trainer, TRAINING, type TrainingPairs } from "./trainer.ts";

export interface FusionRun {
  readonly members: readonly Member[];
  /** Of pairs-*.jsonl.gz. */
  readonly folder: string;
  readonly pairs: PairsOptions;
  readonly steps: number;
  readonly seed: number;
  /** Where checkpoints and E1's vectors are. */
  readonly cache: string;
  readonly out: string | undefined;
  /** Writes `out` even if it is no better than its members. */
  readonly always: boolean;
  readonly progress: (text: string) => void;
}

/** Rows for the principal directions. */
const START_ROWS = 16_384;
/** Steps between judgements. */
const JUDGED_EVERY = 100;

/** 384 principal parts keep more of 640 numbers than 256 do: MRR of held-out pairs .473 instead of .461 before training (E1 with the hashing embedder). */
const SIZES = {
  experts: 8,
  hidden: 768,
  gateHidden: 64,
  gate: "softmax",
  temperature: 1,
  output: 384,
  prefixes: [64, 128, 256, 384],
} as const satisfies Omit<FusionShape, "members">;

/** cost  for E0 and E1: 6 minutes for E1's vectors, which are kept, and .2–.6 s a step on one core */
export async function trainFusion(run: FusionRun): Promise<void> {
  const { members, progress, seed, steps } = run;
  const matrices = loadMatrices();
  const shape: FusionShape = { ...SIZES, members: members.map(({ id, dimension }) => ({ id, dimension })) };
  const { training, heldOut } = readPairs(run.folder, run.pairs);
  progress(`${training.length} pairs to train on, ${heldOut.length} held out`);
  const vectors = await pairVectors(members, training);
  const judges = await createJudges(members, heldOut, matrices);
  const rivals = judges.rivals();
  for (const { name, judgement } of rivals) progress(`${name.padEnd(13)} ${told(judgement)}`);

  const shares = members.map(({ share }) => share);
  const start = startingWeights(matrices, shape, { rows: startRows(shape, vectors), shares, seed });
  const data = { pairs: trainingPairs(training), vectors };
  const trainer = createTrainer(matrices, start, data, { ...TRAINING, shares, seed, steps });
  progress(`${"start".padEnd(13)} ${told(judges.fused(start))}`);
  climb(trainer, judges, run);

  const models = Object.fromEntries(members.map(({ id, model }) => [id, model]));
  const on = `${training.length} pairs of data/train, ${steps} steps of ${TRAINING.batch}`;
  const bytes = encodeFusion(trainer.weights({ kind: "trained", seed, on, models }), "i8");
  // What is judged is what would be shipped, rounded to i8.
  const judgement = judges.fused(decodeFusion(bytes));
  progress(`${"fused, i8".padEnd(13)} ${told(judgement)}`);
  const better = best(judgement, rivals);
  if (run.out !== undefined && (better || run.always)) {
    mkdirSync(dirname(run.out), { recursive: true });
    writeFileSync(run.out, bytes);
    progress(`wrote ${bytes.length} bytes`);
  }
  if (!better) progress("the fusion is not better than each of its members on both sets: nothing to ship");
}

function climb(trainer: Trainer, judges: Judges, { steps, seed, members, pairs, cache, progress }: FusionRun): void {
  const file = join(cache, `${members.map(({ id }) => id).join("-")}-${seed}-${steps}-${pairs.every}.checkpoint`);
  if (existsSync(file)) {
    restoreCheckpoint(trainer, readFileSync(file));
    progress(`goes on after step ${trainer.adam.state.steps}`);
  }
  const started = performance.now();
  const first = trainer.adam.state.steps;
  while (trainer.adam.state.steps < steps) {
    const { contrastive, balance } = trainer.step();
    const done = trainer.adam.state.steps;
    if (done % JUDGED_EVERY !== 0) continue;
    const origin = { kind: "trained", seed, on: "a checkpoint", models: {} } as const;
    const left = ((performance.now() - started) / (done - first)) * (steps - done);
    const about = `step ${done} of ${steps}, loss ${contrastive.toFixed(3)}, balance ${balance.toFixed(2)}`;
    progress(`${about}: ${told(judges.fused(trainer.weights(origin)))}; ${Math.ceil(left / 1_000)} s left`);
    mkdirSync(cache, { recursive: true });
    writeFileSync(file, encodeCheckpoint(trainer));
  }
  rmSync(file, { force: true });
}

/** Texts 0 … n − 1 are the pairs' first, n … 2n − 1 their second ones. */
async function pairVectors(members: readonly Member[], pairs: readonly Pair[]): Promise<MemberVectors> {
  const all: Float32Array[] = [];
  for (const member of members) {
    const sides = [
      await member.vectors(pairs.map(({ a }) => a)),
      await member.vectors(pairs.map(({ b }) => b)),
    ] as const;
    const both = new Float32Array(sides[0].length + sides[1].length);
    both.set(sides[0]);
    both.set(sides[1], sides[0].length);
    all.push(both);
  }
  return all;
}

function trainingPairs(pairs: readonly Pair[]): TrainingPairs {
  const places = new Map<string, number>();
  const names = Int32Array.from([...pairs.map(({ a }) => a), ...pairs.map(({ b }) => b)], (text) => {
    const known = places.get(text) ?? places.size;
    places.set(text, known);
    return known;
  });
  const a = Int32Array.from(pairs.keys());
  return { a, b: a.map((i) => i + pairs.length), names };
}

/** Some of the first texts, those that all members know. */
function startRows(shape: FusionShape, vectors: MemberVectors): TrainingRow[] {
  const rows: TrainingRow[] = [];
  const kept = (1 << shape.members.length) - 1;
  for (let text = 0; text < vectors[0]!.length / shape.members[0]!.dimension && rows.length < START_ROWS; text++) {
    const row = rowOf(shape, vectors, { text, kept });
    if (row?.mask === kept) rows.push(row);
  }
  if (rows.length < widthOf(shape)) throw new Error(`${rows.length} texts are too few to begin with, read more pairs`);
  return rows;
}
