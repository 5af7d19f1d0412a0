import { loadMatrices } from "@nexus/kernels";
import { describe, expect, test } from "vitest";

import { generatedWeights } from "../../src/fusemoe/generated.ts";
import { scalarFuse, type ScalarFused } from "../../src/fusemoe/scalar-fusion.ts";
import type { FusionShape, GateKind } from "../../src/fusemoe/shape.ts";
import { createParameters, type Parameter, type Parameters, weightsOf } from "./parameters.ts";
import { rowOf, type TrainingRow } from "./rows.ts";
import { seeded } from "../e0/seeded.ts";
import { createTrainee, type StepOptions, type Trainee } from "./step.ts";

const PAIRS = 12;

function shapeOf(gate: GateKind): FusionShape {
  const members = [
    { id: "a", dimension: 8 },
    { id: "b", dimension: 12 },
    { id: "c", dimension: 6 },
  ];
  return { members, experts: 4, hidden: 10, gateHidden: 9, gate, temperature: 0.7, output: 12, prefixes: [5, 12] };
}

const OPTIONS: StepOptions = {
  loss: { temperature: 0.5, same: (i, j) => i + j === 5 },
  balance: 0.01,
  noise: 0,
  capacityFactor: 4,
  normal: () => 0,
};

function teacherCosines(): Float32Array {
  const random = seeded(8);
  return Float32Array.from({ length: PAIRS * PAIRS }, () => random() - 0.5);
}

interface World {
  readonly parameters: Parameters;
  readonly trainee: Trainee;
  readonly rows: readonly TrainingRow[];
}

/** Scores of a row lie so far apart that the steps of a finite difference change nobody's choice, which has no slope. */
const LEAST_MARGIN = { softmax: 0.08, laplace: 0.02 };

function worldOf(gate: GateKind): World {
  for (let seed = 1; ; seed++) {
    const world = seededWorld(gate, seed);
    const fused = fusedOf(world);
    const chosen = new Set(fused.flatMap(({ route }) => route.selected));
    if (chosen.size === 4 && Math.min(...fused.map(marginOf)) > LEAST_MARGIN[gate]) return world;
  }
}

function seededWorld(gate: GateKind, seed: number): World {
  const shape = shapeOf(gate);
  const random = seeded(seed);
  const matrices = loadMatrices();
  const parameters = createParameters(matrices, generatedWeights(shape, { seed }));
  // Random scales, shifts and biases: at 1 and 0 a mistake in their gradients could hide.
  for (const { name, matrix } of parameters.all) {
    const values = matrix.values();
    // Softmax scores further apart; distances are as they are.
    if (gate === "softmax" && /^gate.(output|presence)/.test(name))
      for (let i = 0; i < values.length; i++) values[i]! *= 4;
    if (!/scale|shift|Bias/.test(name)) continue;
    for (let i = 0; i < values.length; i++) values[i]! += random() - 0.5;
  }
  const vectors = shape.members.map(({ dimension }) => {
    const values = Float32Array.from({ length: 2 * PAIRS * dimension }, () => random() - 0.5);
    for (let text = 0; text < 2 * PAIRS; text++) {
      const row = values.subarray(text * dimension, (text + 1) * dimension);
      const norm = Math.hypot(...row);
      for (let i = 0; i < dimension; i++) row[i]! /= norm;
    }
    return values;
  });
  // Every mask of three members has its turn.
  const rows = Array.from({ length: 2 * PAIRS }, (_, text) => rowOf(shape, vectors, { text, kept: 1 + (text % 7) })!);
  return { parameters, trainee: createTrainee(matrices, parameters, 2 * PAIRS), rows };
}

/** Of the loss along a direction of one group, from f32 losses at ± a small step. */
function slopeAlong(
  { trainee, rows }: World,
  { matrix }: Parameter,
  direction: Float32Array,
  options: StepOptions,
): number {
  const values = matrix.values();
  const start = values.slice();
  const at = (size: number): number => {
    for (let i = 0; i < values.length; i++) values[i] = start[i]! + size * direction[i]!;
    return trainee.step(rows, options).loss;
  };
  const size = 4e-3;
  // Fourth order: what is left of the fifth derivative is below the rounding of the losses.
  const slope = (8 * (at(size) - at(-size)) - (at(2 * size) - at(-2 * size))) / (12 * size);
  values.set(start);
  return slope;
}

function unit(values: Float32Array): Float32Array {
  const norm = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return values.map((value) => value / norm);
}

function gradientsOf({ parameters, trainee, rows }: World, options: StepOptions): Float32Array[] {
  for (const { gradient } of parameters.all) gradient.values().fill(0);
  trainee.step(rows, options);
  return parameters.all.map(({ gradient }) => gradient.values().slice());
}

describe.each(["softmax", "laplace"] as const)("training with the %s gate", (gate) => {
  test.each([
    ["with room for all", OPTIONS],
    ["with full experts", { ...OPTIONS, capacityFactor: 0.8 }],
    ["with a heavy balance loss", { ...OPTIONS, balance: 5 }],
    ["with a teacher", { ...OPTIONS, loss: { ...OPTIONS.loss, teacher: { cosines: teacherCosines(), share: 0.6 } } }],
  ] as const)("gradients of every group agree with finite differences, %s", (_, options) => {
    const world = worldOf(gate);
    const gradients = gradientsOf(world, options);
    for (const [p, parameter] of world.parameters.all.entries()) {
      const gradient = gradients[p]!;
      const random = seeded(p + 1);
      if (gate === "laplace" && parameter.name === "gate.presence") {
        expect(gradient.every((value) => value === 0)).toBe(true);
        continue;
      }
      const steepest = unit(gradient);
      const anywhere = unit(gradient.map(() => random() - 0.5));
      for (const direction of [steepest, anywhere]) {
        const expected = gradient.reduce((sum, value, i) => sum + value * direction[i]!, 0);
        const seen = slopeAlong(world, parameter, direction, options);
        const bound = 0.01 * Math.abs(expected) + 2e-4;
        expect(Math.abs(seen - expected), `${parameter.name}: ${seen} beside ${expected}`).toBeLessThan(bound);
      }
      expect(Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0)), parameter.name).toBeGreaterThan(1e-3);
    }
  });

  test("an expert takes at most ⌈factor · rows · 2/N⌉ rows, but leaves none without any", () => {
    const { trainee, rows } = worldOf(gate);
    expect(trainee.step(rows, OPTIONS).dropped).toBe(0);
    const { dropped, loss } = trainee.step(rows, { ...OPTIONS, capacityFactor: 0.25 });
    expect(dropped).toBeGreaterThan(0);
    expect(dropped).toBeLessThanOrEqual(rows.length);
    expect(Number.isFinite(loss)).toBe(true);
  });

  test("the loss is that of the vectors which the trained weights give", () => {
    const world = worldOf(gate);
    const { contrastive } = world.trainee.step(world.rows, OPTIONS);
    const vectors = fusedOf(world).map(({ vector }) => vector);
    expect(contrastive).toBeCloseTo(lossOf(vectors, world.parameters.shape.prefixes), 5);
  });
});

function fusedOf({ parameters, rows }: Pick<World, "parameters" | "rows">): ScalarFused[] {
  const weights = weightsOf(parameters, { kind: "generated", seed: 0 });
  return rows.map((row) => {
    let at = 0;
    const input = parameters.shape.members.flatMap(({ id, dimension }, m) => {
      const vector = row.x.slice(at, (at += dimension));
      return row.mask & (1 << m) ? [[id, vector] as const] : [];
    });
    return scalarFuse(weights, new Map(input));
  });
}

/** Between the first and the second, and between the second and the third score. */
function marginOf({ scores }: ScalarFused): number {
  const [first, second, third] = [...scores].toSorted((a, b) => b - a) as [number, number, number];
  return Math.min(first - second, second - third);
}

/** The definition, one number after the other. */
function lossOf(vectors: readonly Float64Array[], prefixes: readonly number[]): number {
  const { temperature, same = () => false } = OPTIONS.loss;
  let total = 0;
  for (const prefix of prefixes) {
    const units = vectors.map((vector) => {
      const part = vector.slice(0, prefix);
      const norm = Math.hypot(...part);
      return part.map((value) => value / norm);
    });
    const score = (i: number, j: number): number =>
      units[2 * i]!.reduce((sum, value, d) => sum + value * units[2 * j + 1]![d]!, 0) / temperature;
    for (let i = 0; i < PAIRS; i++) {
      let [row, column] = [0, 0];
      for (let j = 0; j < PAIRS; j++) {
        if (i !== j && same(i, j)) continue;
        row += Math.exp(score(i, j));
        if (i === j || !same(j, i)) column += Math.exp(score(j, i));
      }
      total += (Math.log(row) + Math.log(column) - 2 * score(i, i)) / (2 * PAIRS * prefixes.length);
    }
  }
  return total;
}
