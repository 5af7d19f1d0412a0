import { NexusError } from "@nexus/core";
import { loadMatrices } from "@nexus/kernels";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type FusionInput } from "./blocks.ts";
import { createFuseMoe, type Fused } from "./fusion.ts";
import { generatedWeights } from "./generated.ts";
import { prefixOf } from "./prefix.ts";
import { routeOf } from "./route.ts";
import { scalarFuse } from "./scalar-fusion.ts";
import { FULL_SHAPE, type FusionShape, parameterCount } from "./shape.ts";
import type { FusionWeights } from "./weights.ts";

const MEMBERS = [
  { id: "a", dimension: 16 },
  { id: "b", dimension: 9 },
  { id: "c", dimension: 21 },
  { id: "d", dimension: 4 },
];

function weightsOf(shape: Partial<FusionShape> = {}, seed = 11): FusionWeights {
  const whole = { members: MEMBERS, experts: 8, hidden: 24, gateHidden: 18, gate: "softmax", temperature: 1 } as const;
  return generatedWeights({ ...whole, output: 20, prefixes: [5, 10, 20], ...shape }, { seed });
}

const OPTIONS = { matrices: loadMatrices, allowGenerated: true };

const number = fc.double({ min: -100, max: 100, noNaN: true }).map(Math.fround);

/** Vectors of a few members, some of them zero. */
const input: fc.Arbitrary<FusionInput> = fc
  .tuple(
    ...MEMBERS.map(({ dimension }) =>
      fc.option(fc.array(number, { minLength: dimension, maxLength: dimension }), { freq: 2, nil: undefined }),
    ),
  )
  .map(
    (vectors) =>
      new Map(vectors.flatMap((vector, m) => (vector ? [[MEMBERS[m]!.id, Float32Array.from(vector)] as const] : []))),
  );

function fusedOf(result: Fused | NexusError | undefined): Fused {
  if (result === undefined || result instanceof NexusError) throw result;
  return result;
}

function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
}

/** Where two scores are this close, f32 may choose the other expert. */
const TIE = 1e-4;

function isTie(scores: Float64Array): boolean {
  const sorted = [...scores].toSorted((a, b) => b - a);
  return sorted[0]! - sorted[1]! < TIE || sorted[1]! - sorted[2]! < TIE;
}

describe("fusion", () => {
  test("the full shape has the parameters of details.md", () => {
    expect(parameterCount(FULL_SHAPE)).toEqual({
      experts: 8 * 60_298_752,
      gate: 27_017_216,
      layerNorm: 26_368,
      presence: 96,
      total: 509_433_600,
    });
  });

  test.each(["softmax", "laplace"] as const)("kernels agree with the scalar oracle to 3e-6, %s gate", (gate) => {
    const weights = weightsOf({ gate, temperature: 0.5 });
    const fusion = createFuseMoe(weights, { ...OPTIONS, capacity: 7 });
    fc.assert(
      fc.property(fc.array(input, { minLength: 1, maxLength: 20 }), (inputs) => {
        const results = fusion.fuseBatch(inputs);
        expect(results).toHaveLength(inputs.length);
        for (const [i, result] of results.entries()) {
          if ([...inputs[i]!.values()].every((vector) => vector.every((value) => value === 0))) {
            expect(result).toMatchObject({ code: "embed.fusion" });
            continue;
          }
          const exact = scalarFuse(weights, inputs[i]!);
          if (isTie(exact.scores)) continue;
          const { vector, selectedExperts, expertWeights } = fusedOf(result);
          expect(selectedExperts).toEqual(exact.route.selected);
          expect(furthest(vector, exact.vector)).toBeLessThan(3e-6);
          const own = exact.route.selected.map((expert) => expertWeights[expert]!);
          expect(furthest(own, exact.route.weights)).toBeLessThan(3e-6);
        }
      }),
      { numRuns: 60, seed: 42 },
    );
  });

  test("one at a time and in a batch give one answer, whatever else is in the batch", () => {
    const fusion = createFuseMoe(weightsOf(), OPTIONS);
    fc.assert(
      fc.property(fc.array(input, { minLength: 1, maxLength: 40 }), (inputs) => {
        for (const [i, result] of fusion.fuseBatch(inputs).entries()) {
          if (result instanceof NexusError || isTie(scalarFuse(fusionWeights, inputs[i]!).scores)) continue;
          const alone = fusion.fuse(inputs[i]!);
          expect(furthest(alone.vector, result.vector)).toBeLessThan(3e-6);
          expect(alone.contentHash).toBe(result.contentHash);
          expect(alone.present).toEqual(result.present);
        }
      }),
      { numRuns: 40, seed: 42 },
    );
  });

  test("an absent member is left out, and one that is there counts by its direction alone", () => {
    // What would be read from the absent block is NaN: nothing reads it.
    const clean = weightsOf();
    const spoilt = { ...clean, gate: { ...clean.gate, hidden: spoil(clean.gate.hidden, 18) } };
    const input = new Map([
      ["a", new Float32Array(16).fill(1)],
      ["c", Float32Array.from({ length: 21 }, (_, i) => i - 3)],
    ]);
    const expected = createFuseMoe(clean, OPTIONS).fuse(input);
    const seen = createFuseMoe(
      {
        ...spoilt,
        expert: (e) => ({ ...clean.expert(e), hidden: spoil(clean.expert(e).hidden, 24) }),
      },
      OPTIONS,
    ).fuse(input);
    expect(seen.vector).toEqual(expected.vector);
    expect(seen.present).toEqual(["a", "c"]);
    const longer = new Map([...input].map(([id, vector]) => [id, vector.map((value) => 4 * value)]));
    expect(furthest(createFuseMoe(clean, OPTIONS).fuse(longer).vector, expected.vector)).toBeLessThan(1e-6);
    const zero = new Map([...input, ["b", new Float32Array(9)] as const]);
    expect(createFuseMoe(clean, OPTIONS).fuse(zero).vector).toEqual(expected.vector);
  });

  test("vectors and their renormalised prefixes have unit length, two experts share a weight of 1", () => {
    const fusion = createFuseMoe(weightsOf(), OPTIONS);
    const { vector, expertWeights, selectedExperts, latencyUs } = fusion.fuse(
      new Map([["b", new Float32Array(9).fill(2)]]),
    );
    for (const prefix of fusion.shape.prefixes) expect(Math.hypot(...prefixOf(vector, prefix))).toBeCloseTo(1, 6);
    expect(expertWeights.filter((weight) => weight > 0)).toHaveLength(2);
    expect(expertWeights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(selectedExperts).toHaveLength(2);
    expect(expertWeights[selectedExperts[0]!]).toBeGreaterThanOrEqual(expertWeights[selectedExperts[1]!]!);
    expect(latencyUs).toBeGreaterThan(0);
  });

  test("of equal scores the lower expert goes first, and a weight below 1e-6 is skipped", () => {
    expect(routeOf([1, 3, 3, 2], 1)).toMatchObject({ selected: [1, 2], weights: [0.5, 0.5] });
    expect(routeOf([0, 20, 0, 1], 1)).toMatchObject({ selected: [1, 3], weights: [expect.closeTo(1, 6), 0] });
    expect(routeOf([0, 20, 0, 1], 2).weights[1]).toBeGreaterThan(0);
  });

  test("the content's hash tells inputs apart and nothing else", () => {
    const fusion = createFuseMoe(weightsOf(), OPTIONS);
    const a = new Float32Array(16).fill(1);
    const hash = (entries: [string, Float32Array][]): string => fusion.fuse(new Map(entries)).contentHash;
    const one = hash([["a", a]]);
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(hash([["a", a.slice()]])).toBe(one);
    expect(hash([["a", a.map((value, i) => (i === 3 ? 2 : value))]])).not.toBe(one);
    expect(
      hash([
        ["a", a],
        ["b", new Float32Array(9).fill(1)],
      ]),
    ).not.toBe(one);
  });

  test("a bad input is an error of its own, the others are fused", () => {
    const fusion = createFuseMoe(weightsOf(), OPTIONS);
    const good = new Map([["d", Float32Array.of(1, 2, 3, 4)]]);
    const results = fusion.fuseBatch([
      new Map(),
      good,
      new Map([["d", Float32Array.of(1, 2, 3)]]),
      new Map([["d", Float32Array.of(1, Number.NaN, 3, 4)]]),
      new Map([["d", Float32Array.of(1, Infinity, 3, 4)]]),
      new Map([["z", Float32Array.of(1)]]),
      good,
    ]);
    expect(results.map((result) => (result instanceof NexusError ? result.code : "fused"))).toEqual([
      "embed.fusion",
      "fused",
      "vector.dimension_mismatch",
      "vector.not_finite",
      "vector.not_finite",
      "embed.fusion",
      "fused",
    ]);
    expect(fusedOf(results[6]).vector).toEqual(fusedOf(results[1]).vector);
    expect(() => fusion.fuse(new Map())).toThrow(expect.objectContaining({ code: "embed.fusion" }));
  });

  test("weights that are not finite give an error and no vector", () => {
    const weights = weightsOf();
    const broken = {
      ...weights,
      expert: (e: number) => ({ ...weights.expert(e), outputBias: new Float32Array(20).fill(Infinity) }),
    };
    const result = createFuseMoe(broken, OPTIONS).fuseBatch([new Map([["d", Float32Array.of(1, 2, 3, 4)]])]);
    expect(result[0]).toMatchObject({ code: expect.stringMatching(/embed.invalid_output/) });
  });

  test("generated weights are refused unless they are asked for", () => {
    expect(() => createFuseMoe(weightsOf(), { matrices: loadMatrices })).toThrow(
      expect.objectContaining({ code: "embed.not_trained" }),
    );
    expect(createFuseMoe(weightsOf(), OPTIONS).generated).toBe(true);
  });

  test("a network spread over several memories gives what one memory gives", () => {
    let memories = 0;
    const matrices = (): ReturnType<typeof loadMatrices> => {
      memories++;
      return loadMatrices();
    };
    const input = new Map(MEMBERS.map(({ id, dimension }, m) => [id, new Float32Array(dimension).fill(m + 1)]));
    const spread = createFuseMoe(weightsOf(), { ...OPTIONS, matrices, shardBytes: 1_310_000 });
    expect(memories).toBeGreaterThan(2);
    expect(spread.fuse(input).vector).toEqual(createFuseMoe(weightsOf(), OPTIONS).fuse(input).vector);
  });
});

const fusionWeights = weightsOf();

/** NaN in the columns of b and d. */
function spoil(matrix: Float32Array, rows: number): Float32Array {
  const columns = matrix.length / rows;
  return matrix.map((value, i) => {
    const column = i % columns;
    return (column >= 16 && column < 25) || column >= 46 ? Number.NaN : value;
  });
}
