/** FuseMoE forwards: the wasm kernels beside ONNX Runtime and beside what the arithmetic alone would take. */

import { rmSync } from "node:fs";
import {
  createFuseMoe,
  FULL_SHAPE,
  type FusionInput,
  type FusionShape,
  fuseWithOnnx,
  type FusionWeights,
  generatedWeights,
} from "@nexus/embed";
import { exportFolder } from "@nexus/embed/node";
import { loadMatrices } from "@nexus/kernels";
import * as ort from "onnxruntime-node";
import { fusionGraph } from "../../support/fusion-graph.ts";
import { seeded } from "../../support/random.ts";
import { type Bench, type Context, less, type Row } from "../harness/bench.ts";
import { interleaved, median } from "../harness/measure.ts";

/** E0 and E1 into 384 dimensions: what a trained instance has. */
const SMALL: FusionShape = {
  members: [
    { id: "e0", dimension: 256 },
    { id: "e1", dimension: 384 },
  ],
  experts: 8,
  hidden: 768,
  gateHidden: 64,
  gate: "softmax",
  temperature: 1,
  output: 384,
  prefixes: [64, 128, 256, 384],
};

const BATCHES = [1, 32] as const;

const FOLDER = new URL("../../../.build/bench/fusemoe/", import.meta.url).pathname;

export const fusemoe: Bench = {
  name: "fusemoe",
  about: "FuseMoE forwards with generated weights, one input and 32: wasm kernels beside ONNX Runtime on one thread",
  steps: (context) => [
    { what: "two members, 384 out", seconds: context.size(10, 3) },
    ...(context.scale === "full"
      ? [{ what: "all twelve members, 1,536 out: 2 GB in memory, twice", seconds: 120 }]
      : []),
  ],
  async run(context) {
    const peak = await peakRate(context);
    const rows = await shapeRows(context, { name: "small", shape: SMALL, peak, rounds: context.size(200, 5) });
    if (context.scale !== "full") return rows;
    context.show(rows);
    return [...rows, ...(await shapeRows(context, { name: "full", shape: FULL_SHAPE, peak, rounds: 7 }))];
  },
};

interface Measured {
  readonly name: string;
  readonly shape: FusionShape;
  /** Multiply-adds in a millisecond. */
  readonly peak: number;
  readonly rounds: number;
}

async function shapeRows(context: Context, { name, shape, peak, rounds }: Measured): Promise<Row[]> {
  const weights = generatedWeights(shape, { seed: 1 });
  context.progress(`${name}: writing and loading`);
  const before = process.memoryUsage().rss;
  const started = performance.now();
  const fusion = createFuseMoe(weights, { matrices: loadMatrices, allowGenerated: true });
  const loadMs = performance.now() - started;
  const residentBytes = process.memoryUsage().rss - before;
  const onnx = await openOnnx(weights);
  const rows: Row[] = [
    {
      bench: "fusemoe",
      case: `${name}, ${fusion.bytes} bytes of f32`,
      metric: "place weights",
      value: loadMs,
      unit: "ms",
      residentBytes,
    },
  ];
  for (const batch of BATCHES) {
    context.progress(`${name}: batch ${batch}`);
    const inputs = inputsOf(shape, batch);
    const cases = [
      { name: "wasm", run: () => fusion.fuseBatch(inputs).length },
      {
        name: "ONNX, gate and chosen experts",
        run: async () => (await fuseWithOnnx(shape, onnx.shards, inputs)).length,
      },
      { name: "ONNX, one graph, all experts", run: async () => (await fuseWithOnnx(shape, onnx.whole, inputs)).length },
    ];
    const [own, shards, whole] = (await interleaved(cases, { warmUp: 1, rounds })).map(median) as [
      number,
      number,
      number,
    ];
    const about = { bench: "fusemoe", case: `${name}, batch ${batch}`, unit: "ms" } as const;
    const limit = (batch * multiplyAdds(shape)) / peak;
    rows.push(
      {
        ...about,
        metric: "p50, wasm",
        value: own,
        ...less(own, { rival: "ONNX Runtime, chosen experts", rivalValue: shards }),
      },
      {
        ...about,
        metric: "p50, wasm",
        value: own,
        ...less(own, { rival: "ONNX Runtime, one graph", rivalValue: whole }),
      },
      {
        ...about,
        metric: "p50, wasm",
        value: own,
        ...less(own, { rival: "multiply-adds at the kernels' best rate", rivalValue: limit }),
      },
    );
  }
  rmSync(FOLDER, { recursive: true, force: true });
  return rows;
}

async function openOnnx(
  weights: FusionWeights,
): Promise<Record<"whole" | "shards", Parameters<typeof fuseWithOnnx>[1]>> {
  const files = exportFolder(weights, FOLDER);
  const experts = await Promise.all(files.experts.map((path) => fusionGraph(ort, path)));
  return {
    whole: { whole: await fusionGraph(ort, files.whole) },
    shards: { gate: await fusionGraph(ort, files.gate), expert: async (index) => experts[index]! },
  };
}

/** Of one input with all members: the gate and two experts. */
function multiplyAdds({ members, hidden, gateHidden, experts, output }: FusionShape): number {
  const width = members.reduce((sum, { dimension }) => sum + dimension, 0);
  return gateHidden * (width + experts) + 2 * hidden * (width + output);
}

function inputsOf({ members }: FusionShape, count: number): FusionInput[] {
  const random = seeded(3);
  const vector = (dimension: number): Float32Array => Float32Array.from({ length: dimension }, () => random() - 0.5);
  return Array.from({ length: count }, () => new Map(members.map(({ id, dimension }) => [id, vector(dimension)])));
}

/** Multiply-adds in a millisecond of a product large enough to be at its best. */
async function peakRate(context: Context): Promise<number> {
  const matrices = loadMatrices();
  const size = 768;
  const [a, b, out] = [0, 1, 2].map(() => matrices.create(size, size)) as [
    ReturnType<typeof matrices.create>,
    ReturnType<typeof matrices.create>,
    ReturnType<typeof matrices.create>,
  ];
  const run = (): number => {
    matrices.multiply("abt", a, b, out);
    return out.rows;
  };
  const [samples] = await interleaved([{ name: "product", run }], { warmUp: 2, rounds: context.size(9, 3) });
  return size ** 3 / median(samples!);
}
