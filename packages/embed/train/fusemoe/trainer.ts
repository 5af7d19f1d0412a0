/** Trains a fusion network on pairs of texts whose members' vectors are there. */

import type { Matrices } from "@nexus/kernels";

import { toUnit } from "../../src/fusemoe/prefix.ts";
import type { FusionShape } from "../../src/fusemoe/shape.ts";
import type { FusionOrigin, FusionWeights } from "../../src/fusemoe/weights.ts";
import { seeded, shuffle } from "../e0/seeded.ts";
import { type Adam, createAdam } from "./adam.ts";
import { createParameters, type Parameters, weightsOf } from "./parameters.ts";
import { keptMembers, type MemberVectors, rowOf, scalesOf, type TrainingRow } from "./rows.ts";
import { createTrainee, type StepResult, type Trainee } from "./step.ts";

/** Texts by number: pair i is (a[i], b[i]). Equal texts have equal names. */
export interface TrainingPairs {
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** One for each text. */
  readonly names: Int32Array;
}

export interface TrainingOptions {
  readonly seed: number;
  /** Pairs in a step. */
  readonly batch: number;
  /** Steps in all: the rate rises over the first twentieth and falls to 0 with a cosine. */
  readonly steps: number;
  readonly rate: number;
  readonly temperature: number;
  readonly balance: number;
  readonly noise: number;
  readonly capacityFactor: number;
  /** Probability that a member is left out of a row. */
  readonly dropout: number;
  /** Each member's share in what the teacher says. */
  readonly shares: readonly number[];
  /** How much of the target is what the concatenation of all members says, and not the pair. */
  readonly teacherShare: number;
}

export interface Trainer {
  readonly parameters: Parameters;
  readonly adam: Adam;
  /** One more step; the pairs and the noise of a step depend on its number and the seed alone. */
  step(): StepResult;
  weights(origin: FusionOrigin): FusionWeights;
}

/** details.md §9 for balance, capacity and modality dropout; the others by measurement on held-out pairs. */
export const TRAINING: Omit<TrainingOptions, "shares"> = {
  seed: 42,
  batch: 384,
  steps: 200,
  rate: 3e-4,
  temperature: 0.05,
  balance: 0.01,
  noise: 0,
  capacityFactor: 1.25,
  dropout: 0.3,
  teacherShare: 0.85,
};

export function createTrainer(
  matrices: Matrices,
  start: FusionWeights,
  data: { readonly pairs: TrainingPairs; readonly vectors: MemberVectors },
  options: TrainingOptions,
): Trainer {
  const parameters = createParameters(matrices, start);
  const adam = createAdam(parameters.all);
  const trainee = createTrainee(matrices, parameters, 2 * options.batch);
  const order = createOrder(data.pairs.a.length, options);
  const scales = scalesOf(start.shape, options.shares);
  return {
    parameters,
    adam,
    step: () => oneStep({ matrices, trainee, adam, shape: start.shape }, data, { ...options, order, scales }),
    weights: (origin) => weightsOf(parameters, origin),
  };
}

interface Running {
  readonly matrices: Matrices;
  readonly trainee: Trainee;
  readonly adam: Adam;
  readonly shape: FusionShape;
}

function oneStep(
  { matrices, trainee, adam, shape }: Running,
  { pairs, vectors }: { readonly pairs: TrainingPairs; readonly vectors: MemberVectors },
  options: TrainingOptions & { readonly order: (step: number) => Int32Array; readonly scales: Float32Array },
): StepResult {
  const at = adam.state.steps;
  const random = seeded(options.seed * 1_000_003 + at);
  const rows: TrainingRow[] = [];
  const whole: TrainingRow[] = [];
  const names: { a: number; b: number }[] = [];
  const all = (1 << shape.members.length) - 1;
  for (const pair of options.order(at)) {
    const [textA, textB] = [pairs.a[pair]!, pairs.b[pair]!];
    const [a, b] = [textA, textB].map((text) =>
      rowOf(shape, vectors, { text, kept: keptMembers(shape.members.length, options.dropout, random) }),
    );
    // A text without any vector among the kept ones: the pair waits for its next turn.
    if (a === undefined || b === undefined) continue;
    rows.push(a, b);
    if (options.teacherShare > 0)
      whole.push(...[textA, textB].map((text) => rowOf(shape, vectors, { text, kept: all })!));
    names.push({ a: pairs.names[textA]!, b: pairs.names[textB]! });
  }
  const same = (i: number, j: number): boolean => {
    const [left, right] = [names[i]!, names[j]!];
    return left.a === right.a || left.b === right.b || left.a === right.b;
  };
  const teacher =
    options.teacherShare > 0
      ? { cosines: cosinesOf(matrices, whole, options.scales), share: options.teacherShare }
      : undefined;
  const result = trainee.step(rows, {
    loss: { temperature: options.temperature, same, teacher },
    balance: options.balance,
    noise: options.noise,
    capacityFactor: options.capacityFactor,
    normal: () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  });
  adam.step(rateAt(at, options));
  return result;
}

/** Of the concatenated members of all even rows with all odd ones. */
function cosinesOf(matrices: Matrices, rows: readonly TrainingRow[], scales: Float32Array): Float32Array {
  const width = rows[0]!.x.length;
  const pairs = rows.length / 2;
  const made = [matrices.create(pairs, width), matrices.create(pairs, width), matrices.create(pairs, pairs)] as const;
  for (const [r, { x }] of rows.entries()) {
    const scaled = x.map((value, d) => value * scales[d]!);
    made[r % 2]!.values().set(toUnit(scaled), (r >> 1) * width);
  }
  matrices.multiply("abt", made[0], made[1], made[2]);
  const cosines = made[2].values().slice();
  for (const matrix of made) matrix.release();
  return cosines;
}

/** Rises over the first twentieth, then falls to 0 with a cosine. */
function rateAt(step: number, { rate, steps }: TrainingOptions): number {
  const rise = Math.max(1, steps / 20);
  if (step < rise) return (rate * (step + 1)) / rise;
  return (rate / 2) * (1 + Math.cos((Math.PI * (step - rise)) / Math.max(1, steps - rise)));
}

/** The pairs of each step: all of them once before any comes again. */
function createOrder(pairs: number, { seed, batch }: TrainingOptions): (step: number) => Int32Array {
  const perRound = Math.max(1, Math.floor(pairs / batch));
  let round = -1;
  let order = new Int32Array();
  return (step) => {
    if (Math.floor(step / perRound) !== round) {
      round = Math.floor(step / perRound);
      order = shuffle(
        Int32Array.from({ length: pairs }, (_, i) => i),
        seeded(seed + 7_919 * (round + 1)),
      );
    }
    const first = (step % perRound) * batch;
    return order.subarray(first, first + batch);
  };
}
