/** The sizes of a fusion network: whose vectors go in, what comes out, and what lies between. */

import { NexusError } from "@nexus/core";

/** A model whose vectors are fused. */
export interface FusionMember {
  /** As in the registry: "e0". */
  readonly id: string;
  readonly dimension: number;
}

/** How experts are scored: by a linear layer, or by how near they lie to the hidden vector. */
export type GateKind = "softmax" | "laplace";

export interface FusionShape {
  /** In the order of their blocks in the input. */
  readonly members: readonly FusionMember[];
  readonly experts: number;
  readonly hidden: number;
  readonly gateHidden: number;
  readonly gate: GateKind;
  /** What gate scores are divided by. */
  readonly temperature: number;
  /** Dimensions of the fused vector. */
  readonly output: number;
  /** Prefixes that were trained to stand alone, ascending; the last is `output`. */
  readonly prefixes: readonly number[];
}

/** Experts that see an input. */
export const ACTIVE_EXPERTS = 2;

/** Added to the variance before its root: details.md §9. */
export const LAYER_NORM_EPSILON = 1e-5;

/** All twelve models of the registry, 13,184 numbers in and 1,536 out: details.md §9. */
export const FULL_SHAPE: FusionShape = {
  members: [384, 1_024, 768, 768, 1_280, 768, 768, 768, 768, 768, 1_024, 4_096].map((dimension, i) => ({
    id: `e${i + 1}`,
    dimension,
  })),
  experts: 8,
  hidden: 4_096,
  gateHidden: 2_048,
  gate: "softmax",
  temperature: 1,
  output: 1_536,
  prefixes: [256, 384, 768, 1_536],
};

/** Numbers in: the dimensions of all members together. */
export function widthOf({ members }: Pick<FusionShape, "members">): number {
  return members.reduce((sum, { dimension }) => sum + dimension, 0);
}

/** Where each member's block begins. */
export function offsetsOf({ members }: Pick<FusionShape, "members">): number[] {
  let at = 0;
  return members.map(({ dimension }) => (at += dimension) - dimension);
}

export interface ParameterCount {
  readonly experts: number;
  readonly gate: number;
  readonly layerNorm: number;
  /** One for each member and expert, not counted in `total`. */
  readonly presence: number;
  readonly total: number;
}

export function parameterCount(shape: FusionShape): ParameterCount {
  const width = widthOf(shape);
  const expert = shape.hidden * width + shape.hidden + shape.output * shape.hidden + shape.output;
  const experts = shape.experts * expert;
  const gate = shape.gateHidden * width + shape.experts * shape.gateHidden;
  const presence = shape.members.length * shape.experts;
  return { experts, gate, layerNorm: 2 * width, presence, total: experts + gate + 2 * width };
}

/** throws  `embed.load_failed` for a shape that is no network; `where` begins the message */
export function checkShape(shape: FusionShape, where: string): void {
  const { members, prefixes, output } = shape;
  const sizes = [shape.experts, shape.hidden, shape.gateHidden, output, ...members.map(({ dimension }) => dimension)];
  const ids = new Set(members.map(({ id }) => id));
  const problem =
    members.length === 0 || members.length > MOST_MEMBERS || ids.size !== members.length
      ? `${members.length} members of ${ids.size} names, expected 1…${MOST_MEMBERS} that differ`
      : !sizes.every((size) => Number.isInteger(size) && size >= 1 && size <= MOST_SIZE)
        ? `sizes ${sizes.join(", ")}, expected whole numbers of 1…${MOST_SIZE}`
        : shape.experts < ACTIVE_EXPERTS
          ? `${shape.experts} experts, expected at least ${ACTIVE_EXPERTS}`
          : !(shape.temperature > 0 && Number.isFinite(shape.temperature))
            ? `temperature ${shape.temperature}, expected a number above 0`
            : prefixes.at(-1) !== output || prefixes.some((prefix, i) => !(prefix > (prefixes[i - 1] ?? 0)))
              ? `prefixes ${prefixes.join(", ")}, expected to ascend to ${output}`
              : undefined;
  if (problem !== undefined) throw new NexusError("embed.load_failed", `[nexus/embed:fusemoe] ${where}: ${problem}`);
}

/** Which members are there is kept in the bits of a number. */
const MOST_MEMBERS = 24;
const MOST_SIZE = 65_536;
