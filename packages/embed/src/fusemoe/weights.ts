/** The numbers of a fusion network, row-major, and where they come from. */

import type { FusionShape } from "./shape.ts";

/** D numbers in, G hidden, N experts, M members. */
export interface GateWeights {
  /** Layer norm: [D] each. */
  readonly scale: Float32Array;
  readonly shift: Float32Array;
  /** [G × D] */
  readonly hidden: Float32Array;
  /** [N × G]; for the Laplace gate the experts' places. */
  readonly output: Float32Array;
  /** [M × N], added to the scores where a member is there; the Laplace gate has no use for it. */
  readonly presence: Float32Array;
}

/** D numbers in, H hidden, O out. */
export interface ExpertWeights {
  /** [H × D] */
  readonly hidden: Float32Array;
  readonly hiddenBias: Float32Array;
  /** [O × H] */
  readonly output: Float32Array;
  readonly outputBias: Float32Array;
}

/** How the weights came to be. */
export type FusionOrigin =
  | {
      readonly kind: "trained";
      readonly seed: number;
      /** Sources, pairs and steps, in words. */
      readonly on: string;
      /** Name and revision of each member's model, by its id: other revisions give other vectors. */
      readonly models: Readonly<Record<string, string>>;
    }
  /** Random numbers of the right size: for measuring time, of no use for meaning. */
  | { readonly kind: "generated"; readonly seed: number };

export interface FusionWeights {
  readonly shape: FusionShape;
  readonly origin: FusionOrigin;
  readonly gate: GateWeights;
  /** Asked for once each, in order, so that a large network need not be in memory twice. */
  expert(index: number): ExpertWeights;
}
