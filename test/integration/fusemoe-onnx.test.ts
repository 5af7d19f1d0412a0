import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NexusError } from "@nexus/core";
import {
  createFuseMoe,
  exportExpert,
  exportFusion,
  exportGate,
  type FusionInput,
  type FusionShape,
  fuseWithOnnx,
  generatedWeights,
} from "@nexus/embed";
import { exportFolder } from "@nexus/embed/node";
import { loadMatrices } from "@nexus/kernels";
import * as native from "onnxruntime-node";
import * as web from "onnxruntime-web/wasm";
import { beforeAll, describe, expect, test } from "vitest";

import { scalarFuse } from "../../packages/embed/src/fusemoe/scalar-fusion.ts";
import { fusionGraph } from "../support/fusion-graph.ts";
import { seeded } from "../support/random.ts";

const SHAPE: FusionShape = {
  members: [
    { id: "e0", dimension: 40 },
    { id: "e1", dimension: 24 },
    { id: "e2", dimension: 56 },
  ],
  experts: 8,
  hidden: 48,
  gateHidden: 20,
  gate: "softmax",
  temperature: 0.8,
  output: 36,
  prefixes: [12, 36],
};

beforeAll(() => {
  web.env.wasm.numThreads = 1;
});

/** 60 inputs over all masks, some of them of nobody. */
function inputsOf(shape: FusionShape): FusionInput[] {
  const random = seeded(7);
  return Array.from(
    { length: 60 },
    (_, i) =>
      new Map(
        shape.members.flatMap(({ id, dimension }, m) =>
          (i % 8) & (1 << m) ? [[id, Float32Array.from({ length: dimension }, () => random() - 0.5)]] : [],
        ),
      ),
  );
}

describe.each([
  ["onnxruntime-node", native],
  ["onnxruntime-web", web],
] as const)("the exported graph on %s", (_, runtime) => {
  describe.each(["softmax", "laplace"] as const)("with the %s gate", (gate) => {
    const weights = generatedWeights({ ...SHAPE, gate }, { seed: 5 });
    const { shape } = weights;
    const inputs = inputsOf(shape);
    const kernels = createFuseMoe(weights, { matrices: loadMatrices, allowGenerated: true });

    test.each(["whole", "shards"] as const)("gives the numbers of the kernels and of the oracle, %s", async (form) => {
      const graphs =
        form === "whole"
          ? { whole: await fusionGraph(runtime, exportFusion(weights)) }
          : {
              gate: await fusionGraph(runtime, exportGate(weights)),
              expert: (expert: number) => fusionGraph(runtime, exportExpert(weights, { expert })),
            };
      const results = await fuseWithOnnx(shape, graphs, inputs);
      const ours = kernels.fuseBatch(inputs);
      let compared = 0;
      for (const [i, result] of results.entries()) {
        const own = ours[i]!;
        if (result instanceof NexusError || own instanceof NexusError) {
          expect(result).toMatchObject({ code: "embed.fusion" });
          expect(own).toMatchObject({ code: "embed.fusion" });
          continue;
        }
        const exact = scalarFuse(weights, inputs[i]!);
        expect(result.selectedExperts).toEqual(exact.route.selected);
        expect(own.selectedExperts).toEqual(exact.route.selected);
        for (let d = 0; d < shape.output; d++) {
          expect(Math.abs(result.vector[d]! - exact.vector[d]!)).toBeLessThan(2e-6);
          expect(Math.abs(own.vector[d]! - exact.vector[d]!)).toBeLessThan(2e-6);
        }
        for (let e = 0; e < shape.experts; e++) {
          expect(Math.abs(result.expertWeights[e]! - own.expertWeights[e]!)).toBeLessThan(2e-6);
        }
        compared++;
      }
      expect(compared).toBe(52);
    });
  });

  test("what lies in the place of an absent member has no say, not even NaN", async () => {
    const weights = generatedWeights(SHAPE, { seed: 5 });
    const whole = await fusionGraph(runtime, exportFusion(weights));
    const random = seeded(1);
    const [a, b, c] = SHAPE.members.map(({ dimension }) =>
      Float32Array.from({ length: dimension }, () => random() - 0.5),
    );
    const feeds = (absent: Float32Array): Parameters<typeof whole>[0] => ({
      e0: { dims: [1, 40], data: a! },
      e1: { dims: [1, 24], data: absent },
      e2: { dims: [1, 56], data: c! },
      present: { dims: [1, 3], data: Float32Array.of(1, 0, 1) },
    });
    const [zeros, numbers, broken] = await Promise.all(
      [new Float32Array(24), b!, new Float32Array(24).fill(Number.NaN)].map((absent) => whole(feeds(absent))),
    );
    expect(numbers!["vector"]!.data).toEqual(zeros!["vector"]!.data);
    expect(broken!["vector"]!.data).toEqual(zeros!["vector"]!.data);
  });
});

test("weights in files beside the graphs give what weights inside them give, and are stored once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nexus-fusemoe-"));
  try {
    const weights = generatedWeights(SHAPE, { seed: 5 });
    const { whole, gate, experts, dataBytes } = exportFolder(weights, folder);
    expect(dataBytes).toHaveLength(9);
    expect(statSync(whole).size).toBeLessThan(40_000);
    const inputs = inputsOf(SHAPE);
    const expected = await fuseWithOnnx(SHAPE, { whole: await fusionGraph(native, exportFusion(weights)) }, inputs);
    const graphs = [
      { whole: await fusionGraph(native, whole) },
      { gate: await fusionGraph(native, gate), expert: (index: number) => fusionGraph(native, experts[index]!) },
    ];
    for (const own of graphs) {
      const results = await fuseWithOnnx(SHAPE, own, inputs);
      for (const [i, result] of results.entries()) {
        const other = expected[i]!;
        if (result instanceof NexusError || other instanceof NexusError) {
          expect([result, other].every((one) => one instanceof NexusError)).toBe(true);
          continue;
        }
        for (const [d, value] of result.vector.entries()) {
          expect(Math.abs(value - other.vector[d]!)).toBeLessThan(2e-6);
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
