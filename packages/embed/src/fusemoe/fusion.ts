/** FuseMoE: the vectors that several models give of one input, fused into one by two of eight experts. */

import { asNexusError, NexusError } from "@nexus/core";
import type { Matrices } from "@nexus/kernels";

import { type Blocks, blocksOf, type FusionInput } from "./blocks.ts";
import { contentHashOf } from "./content-hash.ts";
import { createExpert, createScratch, type Expert, type Scratch } from "./expert.ts";
import { createGate } from "./gate.ts";
import { toUnit } from "./prefix.ts";
import { type Route, routeOf } from "./route.ts";
import { checkShape, type FusionShape, widthOf } from "./shape.ts";
import type { FusionWeights } from "./weights.ts";

export interface Fused {
  /** Unit length; each prefix of `FusionShape.prefixes` stands alone once renormalised (`prefixOf`). */
  readonly vector: Float32Array;
  /** Of all experts; 0 for those that were not asked. */
  readonly expertWeights: readonly number[];
  /** The likelier first. */
  readonly selectedExperts: readonly number[];
  /** Ids of the members that took part; the others were masked. */
  readonly present: readonly string[];
  /** Of the batch that it was in. */
  readonly latencyUs: number;
  /** SHA-256, in hexadecimal, of the ids and vectors that were fused: equal for equal input. */
  readonly contentHash: string;
}

export interface Fusion {
  readonly shape: FusionShape;
  /** Ids of the members, in the order of their blocks. */
  readonly models: readonly string[];
  readonly generated: boolean;
  /** Of weights and of what is computed in. */
  readonly bytes: number;
  /**
   * cost     N of 8 experts: two products of D_present × H and H × O each, and the gate's D_present × G
   * throws   `embed.fusion`, `vector.dimension_mismatch`, `vector.not_finite`, `embed.invalid_output`
   */
  fuse(input: FusionInput): Fused;
  /** The same one by one and in order, faster; an input that cannot be fused is its error. */
  fuseBatch(inputs: readonly FusionInput[]): (Fused | NexusError)[];
}

export interface FusionOptions {
  /** A memory for weights: `loadMatrices`. Asked for another whenever the last one is full. */
  readonly matrices: () => Matrices;
  /** Of weights in one memory; a network above it is spread over several. */
  readonly shardBytes?: number | undefined;
  /** Rows at a time. */
  readonly capacity?: number | undefined;
  /** Take random weights, which say nothing about meaning. */
  readonly allowGenerated?: boolean | undefined;
}

/** A 32-bit memory holds 4 GiB, of which engines give 3.5: half of that leaves room to grow without copying at the limit. */
const SHARD_BYTES = 1.5 * 2 ** 30;
const CAPACITY = 32;

/**
 * Places the weights in memories of their own.
 *
 * cost     4 bytes for each parameter, copied once
 * throws   `embed.not_trained` for generated weights unless they are allowed, `embed.load_failed` for a shape that is no network, `index.full` where memory is short
 */
export function createFuseMoe(weights: FusionWeights, options: FusionOptions): Fusion {
  const { shape, origin } = weights;
  const { capacity = CAPACITY, shardBytes = SHARD_BYTES } = options;
  checkShape(shape, "weights");
  if (origin.kind === "generated" && !options.allowGenerated) {
    throw new NexusError(
      "embed.not_trained",
      "[nexus/embed:fusemoe] these weights are random numbers for measuring time; train a network, or pass allowGenerated to measure",
    );
  }
  const shards: { matrices: Matrices; scratch: Scratch }[] = [];
  const addShard = (): { matrices: Matrices; scratch: Scratch } => {
    const matrices = options.matrices();
    const shard = { matrices, scratch: createScratch(shape, { matrices, capacity }) };
    shards.push(shard);
    return shard;
  };
  let shard = addShard();
  const gate = createGate(shape, weights.gate, { matrices: shard.matrices, capacity });
  const expertBytes = 4 * shape.hidden * (widthOf(shape) + shape.output);
  const experts = Array.from({ length: shape.experts }, (_, i) => {
    if (shard.matrices.memory().usedBytes + expertBytes > shardBytes) shard = addShard();
    return createExpert(shape, weights.expert(i), shard);
  });

  const fuseBatch = (inputs: readonly FusionInput[]): (Fused | NexusError)[] => {
    const all: (Fused | NexusError)[] = [];
    for (let first = 0; first < inputs.length; first += capacity) {
      all.push(...fuseSome(inputs.slice(first, first + capacity)));
    }
    return all;
  };

  const fuseSome = (inputs: readonly FusionInput[]): (Fused | NexusError)[] => {
    const started = performance.now();
    const results: (Fused | NexusError | undefined)[] = [];
    const ready: Asked[] = [];
    for (const [place, input] of inputs.entries()) {
      try {
        ready.push({ place, blocks: blocksOf(shape, input), input });
      } catch (error) {
        results[place] = asNexusError(error);
      }
    }
    // Rows of one mask side by side: one product for all of them.
    ready.sort((a, b) => a.blocks.mask - b.blocks.mask || a.place - b.place);
    const scores = ready.length === 0 ? [] : gate.scores(ready.map(({ blocks }) => blocks));
    const routes = scores.map((one) => routeOf(one, shape.temperature));
    const vectors = mix(shape, experts, ready, routes);
    const latencyUs = 1_000 * (performance.now() - started);
    for (const [row, { place, blocks, input }] of ready.entries()) {
      results[place] = answer(shape, { blocks, input, route: routes[row]!, vector: vectors[row]!, latencyUs });
    }
    return results as (Fused | NexusError)[];
  };

  return {
    shape,
    models: shape.members.map(({ id }) => id),
    generated: origin.kind === "generated",
    get bytes() {
      return shards.reduce((sum, { matrices }) => sum + matrices.memory().usedBytes, 0);
    },
    fuse(input) {
      const [result] = fuseBatch([input]);
      if (result === undefined || result instanceof NexusError) throw result;
      return result;
    },
    fuseBatch,
  };
}

interface Asked {
  /** In the batch. */
  readonly place: number;
  readonly blocks: Blocks;
  readonly input: FusionInput;
}

/** Σ weight·E_i for each row: every expert runs once, for all rows that selected it. */
function mix(
  shape: FusionShape,
  experts: readonly Expert[],
  rows: readonly Asked[],
  routes: readonly Route[],
): Float32Array[] {
  const vectors = rows.map(() => new Float32Array(shape.output));
  for (const [e, expert] of experts.entries()) {
    const chosen = routes.flatMap(({ selected, weights }, row) => {
      const weight = weights[selected.indexOf(e)] ?? 0;
      return weight === 0 ? [] : [{ row, weight }];
    });
    if (chosen.length === 0) continue;
    const outputs = expert.run(chosen.map(({ row }) => rows[row]!.blocks));
    for (const [i, { row, weight }] of chosen.entries()) {
      const vector = vectors[row]!;
      for (let o = 0; o < shape.output; o++) vector[o]! += weight * outputs[i * shape.output + o]!;
    }
  }
  return vectors;
}

interface Mixed {
  readonly blocks: Blocks;
  readonly input: FusionInput;
  readonly route: Route;
  readonly vector: Float32Array;
  readonly latencyUs: number;
}

function answer(shape: FusionShape, { blocks, input, route, vector, latencyUs }: Mixed): Fused | NexusError {
  toUnit(vector);
  if (!vector.every(Number.isFinite)) {
    return new NexusError(
      "embed.invalid_output",
      "[nexus/embed:fusemoe] the fused vector holds a number that is not finite, though its input does not: the weights are damaged or too large",
    );
  }
  const expertWeights = Array.from({ length: shape.experts }, (_, e) => route.weights[route.selected.indexOf(e)] ?? 0);
  const present = blocks.present.map((m) => shape.members[m]!.id);
  return {
    vector,
    expertWeights,
    selectedExperts: route.selected,
    present,
    latencyUs,
    contentHash: contentHashOf(present, input),
  };
}
