/** The network's numbers while they are trained, each group with its gradient. */

import type { Matrices, Matrix } from "@nexus/kernels";

import { type FusionShape, widthOf } from "../../src/fusemoe/shape.ts";
import type { ExpertWeights, FusionOrigin, FusionWeights, GateWeights } from "../../src/fusemoe/weights.ts";

export interface Parameter {
  readonly name: string;
  readonly matrix: Matrix;
  readonly gradient: Matrix;
}

interface GateParameters {
  readonly scale: Parameter;
  readonly shift: Parameter;
  readonly hidden: Parameter;
  readonly output: Parameter;
  readonly presence: Parameter;
}

export interface ExpertParameters {
  readonly hidden: Parameter;
  readonly hiddenBias: Parameter;
  readonly output: Parameter;
  readonly outputBias: Parameter;
}

export interface Parameters {
  readonly shape: FusionShape;
  readonly gate: GateParameters;
  readonly experts: readonly ExpertParameters[];
  /** All of them, always in the same order. */
  readonly all: readonly Parameter[];
}

/** Copies the weights; gradients begin at 0. */
export function createParameters(matrices: Matrices, weights: FusionWeights): Parameters {
  const { shape } = weights;
  const width = widthOf(shape);
  const all: Parameter[] = [];
  const add = (name: string, rows: number, columns: number, values: Float32Array): Parameter => {
    const parameter = {
      name,
      matrix: matrices.create(rows, columns, values),
      gradient: matrices.create(rows, columns),
    };
    all.push(parameter);
    return parameter;
  };
  const { scale, shift, hidden, output, presence } = weights.gate;
  const gate = {
    scale: add("gate.scale", 1, width, scale),
    shift: add("gate.shift", 1, width, shift),
    hidden: add("gate.hidden", shape.gateHidden, width, hidden),
    output: add("gate.output", shape.experts, shape.gateHidden, output),
    presence: add("gate.presence", shape.members.length, shape.experts, presence),
  };
  const experts = Array.from({ length: shape.experts }, (_, e) => {
    const own = weights.expert(e);
    return {
      hidden: add(`expert.${e}.hidden`, shape.hidden, width, own.hidden),
      hiddenBias: add(`expert.${e}.hiddenBias`, 1, shape.hidden, own.hiddenBias),
      output: add(`expert.${e}.output`, shape.output, shape.hidden, own.output),
      outputBias: add(`expert.${e}.outputBias`, 1, shape.output, own.outputBias),
    };
  });
  return { shape, gate, experts, all };
}

/** A copy of the numbers as they are now. */
export function weightsOf({ shape, gate, experts }: Parameters, origin: FusionOrigin): FusionWeights {
  const copied = experts.map((expert): ExpertWeights => copies(expert));
  return { shape, origin, gate: copies(gate) satisfies GateWeights, expert: (index) => copied[index]! };
}

function copies<Name extends string>(group: Readonly<Record<Name, Parameter>>): Record<Name, Float32Array> {
  const entries = Object.entries<Parameter>(group).map(([name, { matrix }]) => [name, matrix.values().slice()]);
  return Object.fromEntries(entries) as Record<Name, Float32Array>;
}
