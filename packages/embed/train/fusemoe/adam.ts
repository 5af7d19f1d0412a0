/** Adam (Kingma & Ba 2015), with its bias corrections. */

import type { Parameter } from "./parameters.ts";

export interface Adam {
  /** Moves every parameter by its gradient and sets the gradients to 0. `rate` is the step's. */
  step(rate: number): void;
  /** Steps done, and first and second moments in the order of the parameters: what a checkpoint keeps. */
  readonly state: { steps: number; readonly first: readonly Float32Array[]; readonly second: readonly Float32Array[] };
}

const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;
const EPSILON = 1e-8;

export function createAdam(parameters: readonly Parameter[]): Adam {
  const zeros = (): Float32Array[] => parameters.map(({ matrix }) => new Float32Array(matrix.rows * matrix.columns));
  const state = { steps: 0, first: zeros(), second: zeros() };
  return {
    state,
    step(rate) {
      state.steps++;
      const size = rate / (1 - FIRST_DECAY ** state.steps);
      const correction = 1 / Math.sqrt(1 - SECOND_DECAY ** state.steps);
      for (const [p, { matrix, gradient }] of parameters.entries()) {
        const [values, slopes] = [matrix.values(), gradient.values()];
        const [first, second] = [state.first[p]!, state.second[p]!];
        for (let i = 0; i < values.length; i++) {
          const slope = slopes[i]!;
          const m = (first[i] = FIRST_DECAY * first[i]! + (1 - FIRST_DECAY) * slope);
          const v = (second[i] = SECOND_DECAY * second[i]! + (1 - SECOND_DECAY) * slope * slope);
          values[i]! -= (size * m) / (Math.sqrt(v) * correction + EPSILON);
        }
        slopes.fill(0);
      }
    },
  };
}
