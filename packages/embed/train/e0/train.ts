/** The training loop: batches of pairs, the teacher's words between them, a rate that rises and falls. */

import type { Matrices } from "@nexus/kernels";
import type { Basis } from "./basis.ts";
import { batchesOf, drawn, type PairList } from "./batches.ts";
import type { Encoded } from "./encoded.ts";
import { createLosses, type BatchTargets } from "./losses.ts";
import { nearbyOrder } from "./mine.ts";
import { seeded } from "./seeded.ts";
import { createBag, createOptimiser, fillBag, type Student } from "./student.ts";
import type { TeacherVectors } from "./teacher.ts";

export interface TrainingData {
  readonly encoded: Encoded;
  /** What stands for each known word while it is treated as unknown. */
  readonly unknown: Encoded;
  readonly pairs: PairList;
  /** Places of the pairs to train on. */
  readonly places: Uint32Array;
  /** 1 for pairs whose second text answers the first alone, so that another's is a wrong answer however near. */
  readonly specific: Uint8Array;
  readonly teacher: TeacherVectors;
  /** Of each text its place among the teacher's vectors, or −1. */
  readonly teacherOf: Int32Array;
  readonly basis: Basis;
  /** Texts that the teacher alone judges. */
  readonly alone: Uint32Array;
}

export interface TrainingOptions {
  readonly seed: number;
  readonly epochs: number;
  /** Pairs of a batch. */
  readonly batch: number;
  readonly rate: number;
  readonly temperature: number;
  /** Weights of the two losses. */
  readonly contrast: number;
  readonly teach: number;
  /** Share of the specific pairs that meet pairs which the student finds alike, from the second epoch on. */
  readonly mined: number;
  /** Share of known words that are read as unknown ones, so that parts of words are learnt. */
  readonly unknownShare: number;
  /** After so many batches of pairs comes one of the teacher's texts. */
  readonly aloneEvery: number;
  readonly prefixes: readonly number[];
  /** Epoch to begin with: 0 unless an earlier run stopped. */
  readonly from?: number;
  readonly onStep?: (step: TrainingStep) => void;
  /** Called after each epoch with the number of the next. */
  readonly onEpoch?: (next: number) => void;
}

interface TrainingStep {
  readonly step: number;
  readonly of: number;
  readonly contrast: number;
  readonly teacher: number;
}

/** Share of the steps in which the rate rises. */
const WARM_UP = 0.03;
/** Groups of alike pairs: of some 2,000 pairs each where there are a million. */
const CENTRES = 512;
/** The rate at the end, as a share of the highest. */
const LAST_RATE = 0.02;

/** Trains the student in place; the same data and options give the same weights. */
export function train(matrices: Matrices, student: Student, data: TrainingData, options: TrainingOptions): void {
  const { batch, seed, epochs } = options;
  const pairLoss = createLosses(matrices, {
    ...options,
    dimension: student.dimension,
    pairs: batch,
    teacher: options.teach,
  });
  const aloneLoss = createLosses(matrices, {
    ...options,
    dimension: student.dimension,
    pairs: batch,
    contrast: 0,
    teacher: 1,
  });
  const project = projector(matrices, data, 2 * batch);
  const optimiser = createOptimiser(matrices, student);
  const bag = createBag(2 * batch);
  const sums = matrices.create(2 * batch, student.dimension);
  const gradients = matrices.create(2 * batch, student.dimension);
  const known = data.alone.filter((text) => data.teacherOf[text] !== -1);

  const perEpoch = Math.floor(data.places.length / batch);

  function plan(epoch: number): Uint32Array[] {
    const epochSeed = seed * 1_009 + epoch;
    const [rest, chosen] = drawn(data.places, data.specific, epoch === 0 ? 0 : options.mined, epochSeed);
    const nearby =
      chosen.length === 0
        ? chosen
        : nearbyOrder(matrices, student, data, chosen, { centres: CENTRES, seed: epochSeed });
    return batchesOf(rest, nearby, { size: batch, seed: epochSeed });
  }

  function runBatch(chosen: Uint32Array, step: number): void {
    const random = seeded(seed * 1_000_003 + step);
    const rate = options.rate * rateAt(step / (epochs * perEpoch));
    const run = (
      texts: Uint32Array,
      losses: typeof pairLoss,
      same: Pick<BatchTargets, "a" | "b">,
    ): ReturnType<typeof pairLoss.apply> => {
      fillBag(bag, texts, data.encoded, { unknown: data.unknown, share: options.unknownShare, random });
      matrices.sumRows(student.weights, bag, sums);
      const loss = losses.apply(sums, { ...project(texts), ...same }, gradients);
      optimiser.step(bag, gradients, rate);
      return loss;
    };
    const [a, b] = [
      chosen.map((place) => data.pairs.a[place] as number),
      chosen.map((place) => data.pairs.b[place] as number),
    ];
    const texts = new Uint32Array(2 * batch);
    texts.set(a);
    texts.set(b, batch);
    const loss = run(texts, pairLoss, { a, b });
    if (options.aloneEvery > 0 && known.length > 0 && step % options.aloneEvery === 0) {
      run(
        texts.map(() => known[Math.floor(random() * known.length)] as number),
        aloneLoss,
        { a, b },
      );
    }
    options.onStep?.({ step, of: epochs * perEpoch, ...loss });
  }

  for (let epoch = options.from ?? 0; epoch < epochs; epoch++) {
    for (const [i, chosen] of plan(epoch).slice(0, perEpoch).entries()) runBatch(chosen, epoch * perEpoch + i);
    options.onEpoch?.(epoch + 1);
  }
}

function rateAt(share: number): number {
  if (share < WARM_UP) return share / WARM_UP + 1e-3;
  const left = (1 - share) / (1 - WARM_UP);
  return LAST_RATE + (1 - LAST_RATE) * left;
}

/** Gathers the teacher's vectors of a batch and turns them into the student's dimensions. */
function projector(
  matrices: Matrices,
  { teacher, teacherOf, basis }: TrainingData,
  count: number,
): (texts: Uint32Array) => Pick<BatchTargets, "vectors" | "known"> {
  const rows = matrices.create(basis.to, basis.from, basis.rows);
  const given = matrices.create(count, basis.from);
  const turned = matrices.create(count, basis.to);
  const known = new Uint8Array(count);
  return (texts) => {
    const values = given.values();
    for (let i = 0; i < count; i++) {
      const place = teacherOf[texts[i] as number] as number;
      known[i] = place === -1 ? 0 : 1;
      if (place === -1) continue;
      const scale = teacher.scales[place] as number;
      for (let j = 0; j < basis.from; j++)
        values[i * basis.from + j] = scale * (teacher.values[place * basis.from + j] as number);
    }
    matrices.multiply("abt", given, rows, turned);
    return { vectors: turned.values(), known };
  };
}
