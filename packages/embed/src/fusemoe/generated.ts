/** Random weights of any shape: for measuring time and for tests, marked so that nothing takes them for trained ones. */

import { type FusionShape, widthOf } from "./shape.ts";
import type { ExpertWeights, FusionWeights, GateWeights } from "./weights.ts";

/** cost  as many numbers as an expert has at a time, about 10 ns each */
export function generatedWeights(shape: FusionShape, { seed }: { readonly seed: number }): FusionWeights {
  return {
    shape,
    origin: { kind: "generated", seed },
    gate: generatedGate(shape, noise(seed)),
    expert: (index) => generatedExpert(shape, noise(seed + 1 + index)),
  };
}

/** Layer norm does nothing yet; scores differ by about 1. */
function generatedGate(shape: FusionShape, next: Noise): GateWeights {
  const width = widthOf(shape);
  return {
    scale: new Float32Array(width).fill(1),
    shift: new Float32Array(width),
    hidden: next(shape.gateHidden * width, width),
    // GELU of a unit normal has a mean square of about .43.
    output: next(shape.experts * shape.gateHidden, shape.gateHidden * 0.4),
    presence: next(shape.members.length * shape.experts, 16),
  };
}

/** SiLU of a unit normal has a mean square of about .36. */
function generatedExpert(shape: FusionShape, next: Noise): ExpertWeights {
  const width = widthOf(shape);
  return {
    hidden: next(shape.hidden * width, width),
    hiddenBias: new Float32Array(shape.hidden),
    output: next(shape.output * shape.hidden, shape.hidden * 0.36),
    outputBias: new Float32Array(shape.output),
  };
}

type Noise = (count: number, fanIn: number) => Float32Array;

/** Uniform numbers of variance 1/fanIn (xorshift32, which a seed of 0 would stop). */
function noise(seed: number): Noise {
  let state = Math.imul(seed + 1, 0x9e_37_79_b1) | 1;
  return (count, fanIn) => {
    const scale = Math.sqrt(3 / fanIn) / 2 ** 31;
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      values[i] = state * scale;
    }
    return values;
  };
}
