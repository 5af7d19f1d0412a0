/** The network as ONNX graphs: one file, or a gate and experts in files of their own. */

import type { TensorInfo } from "../onnx/write-onnx.ts";
import { createGraph, type ExportOptions, type Graph } from "./onnx-graph.ts";
import { LEAST_NORM } from "./prefix.ts";
import { SKIPPED_WEIGHT } from "./route.ts";
import { ACTIVE_EXPERTS, type FusionShape, LAYER_NORM_EPSILON, offsetsOf, widthOf } from "./shape.ts";
import type { FusionWeights } from "./weights.ts";

/** Name of the input that says who is there: [n × M], 1 or 0. */
export const PRESENT_INPUT = "present";

/**
 * The whole network in one graph.
 *
 * inputs   each member's vectors under its id, f32 [n × d_m], any numbers where it is absent; `present` f32 [n × M]
 * outputs  `vector` [n × O], `expertWeights` [n × N], `selectedExperts` int64 [n × 2]; a row with nobody present is meaningless
 * cost     all experts are computed and weighted, most of them by 0: ONNX has no product of chosen rows alone
 * bounds   under 2 GiB in one file; `store` puts weights elsewhere
 */
export function exportFusion(weights: FusionWeights, options: ExportOptions = {}): Uint8Array<ArrayBuffer> {
  const { shape } = weights;
  const graph = createGraph(options);
  addGate(graph, weights);
  const columns = Array.from({ length: shape.experts }, (_, e) => `weight.${e}`);
  graph.add("Split", ["expertWeights"], columns, { axis: 1, num_outputs: shape.experts });
  const parts = columns.map((column, e) => {
    addExpert(graph, weights, { expert: e, input: "boosted", output: `expert.${e}` });
    return graph.node("Mul", [`expert.${e}`, column]);
  });
  const sum = graph.node("Sum", parts);
  const norm = graph.node("Max", [graph.node("ReduceL2", [sum, graph.ints([1])]), graph.scalar(LEAST_NORM)]);
  graph.add("Div", [sum, norm], ["vector"]);
  return graph.write({
    name: "fusemoe",
    inputs: inputsOf(shape),
    outputs: [{ name: "vector", type: "float32", shape: ["n", shape.output] }, ...routeOutputs(shape)],
    doc: docOf(weights),
  });
}

/** The gate alone. outputs  `boosted` [n × D], what experts read; `expertWeights`, `selectedExperts` */
export function exportGate(weights: FusionWeights, options: ExportOptions = {}): Uint8Array<ArrayBuffer> {
  const { shape } = weights;
  const graph = createGraph(options);
  addGate(graph, weights);
  return graph.write({
    name: "fusemoe-gate",
    inputs: inputsOf(shape),
    outputs: [{ name: "boosted", type: "float32", shape: ["n", widthOf(shape)] }, ...routeOutputs(shape)],
    doc: docOf(weights),
  });
}

/** One expert, for the rows that chose it. inputs  `boosted` [n × D]; outputs  `out` [n × O], neither weighted nor normalised */
export function exportExpert(
  weights: FusionWeights,
  { expert, ...options }: ExportOptions & { readonly expert: number },
): Uint8Array<ArrayBuffer> {
  const { shape } = weights;
  const graph = createGraph(options);
  addExpert(graph, weights, { expert, input: "boosted", output: "out" });
  return graph.write({
    name: `fusemoe-expert-${expert}`,
    inputs: [{ name: "boosted", type: "float32", shape: ["n", widthOf(shape)] }],
    outputs: [{ name: "out", type: "float32", shape: ["n", shape.output] }],
    doc: docOf(weights),
  });
}

/** Ends in `boosted`, `expertWeights` and `selectedExperts`. */
function addGate(graph: Graph, { shape, gate }: FusionWeights): void {
  const { experts: N, gateHidden: G, members } = shape;
  const D = widthOf(shape);
  const { x, present } = addBlocks(graph, shape);
  const offsets = offsetsOf(shape);
  const blocks = new Float32Array(members.length * D);
  for (const [m, { dimension }] of members.entries()) {
    blocks.fill(1, m * D + offsets[m]!, m * D + offsets[m]! + dimension);
  }
  const mask = graph.node("MatMul", [present, graph.weight("gate.blocks", [members.length, D], blocks)]);
  const sizes = Float32Array.from(members, ({ dimension }) => dimension);
  const there = graph.node("MatMul", [present, graph.weight("gate.sizes", [members.length, 1], sizes)]);
  // Nobody there: 1 instead of 0, so that the other rows of the batch stay finite.
  const count = graph.node("Max", [there, graph.scalar(1)]);
  const boost = graph.node("Sqrt", [graph.node("Div", [graph.scalar(D), count])]);
  graph.add("Mul", [x, boost], ["boosted"]);

  const rows = graph.ints([1]);
  const mean = graph.node("Div", [graph.node("ReduceSum", [x, rows]), count]);
  const centred = graph.node("Mul", [graph.node("Sub", [x, mean]), mask]);
  const squares = graph.node("ReduceSum", [graph.node("Mul", [centred, centred]), rows]);
  const variance = graph.node("Add", [graph.node("Div", [squares, count]), graph.scalar(LAYER_NORM_EPSILON)]);
  const normed = graph.node("Div", [centred, graph.node("Sqrt", [variance])]);
  const scaled = graph.node("Mul", [normed, graph.weight("gate.scale", [1, D], gate.scale)]);
  const shifted = graph.node("Add", [scaled, graph.weight("gate.shift", [1, D], gate.shift)]);
  const input = graph.node("Mul", [shifted, mask]);
  const product = graph.node("Gemm", [input, graph.weight("gate.hidden", [G, D], gate.hidden)], { transB: 1 });
  const h = graph.node("Mul", [product, boost]);
  const error = graph.node("Erf", [graph.node("Mul", [h, graph.scalar(Math.SQRT1_2)])]);
  const half = graph.node("Mul", [h, graph.scalar(0.5)]);
  const u = graph.node("Mul", [half, graph.node("Add", [error, graph.scalar(1)])]);

  const output = graph.weight("gate.output", [N, G], gate.output);
  const scores =
    shape.gate === "softmax"
      ? graph.node("Add", [
          graph.node("Gemm", [u, output], { transB: 1 }),
          graph.node("MatMul", [present, graph.weight("gate.presence", [members.length, N], gate.presence)]),
        ])
      : graph.node("Neg", [
          graph.node(
            "ReduceL2",
            [graph.node("Sub", [graph.node("Unsqueeze", [u, graph.ints([1])]), output]), graph.ints([2])],
            { keepdims: 0 },
          ),
        ]);
  const cooled = graph.node("Div", [scores, graph.scalar(shape.temperature)]);
  const shares = graph.node("Softmax", [cooled], { axis: 1 });
  graph.add("TopK", [shares, graph.ints([ACTIVE_EXPERTS])], ["top", "selectedExperts"], { axis: 1 });
  const weights = graph.node("Div", ["top", graph.node("ReduceSum", ["top", rows])]);
  const skipped = graph.node("Less", [weights, graph.scalar(SKIPPED_WEIGHT)]);
  const kept = graph.node("Where", [skipped, graph.scalar(0), weights]);
  const zeros = graph.node("Sub", [shares, shares]);
  graph.add("ScatterElements", [zeros, "selectedExperts", kept], ["expertWeights"], { axis: 1 });
}

/** √d·v/‖v‖ side by side, 0 where absent; and who is there, a zero vector counting as absent. */
function addBlocks(graph: Graph, { members }: FusionShape): { x: string; present: string } {
  const flags = members.map(({ id }) => `present.${id}`);
  graph.add("Split", [PRESENT_INPUT], flags, { axis: 1, num_outputs: members.length });
  const rows = graph.ints([1]);
  const zero = graph.scalar(0);
  const made = members.map(({ id, dimension }, m) => {
    // What an absent member's place holds may be anything, NaN included.
    const asked = graph.node("Greater", [flags[m]!, zero]);
    const given = graph.node("Where", [asked, id, zero]);
    const norm = graph.node("ReduceL2", [given, rows]);
    const there = graph.node("Cast", [graph.node("Greater", [norm, zero])], { to: FLOAT });
    const safe = graph.node("Max", [norm, graph.scalar(1e-30)]);
    const unit = graph.node("Div", [given, safe]);
    return { there, block: graph.node("Mul", [unit, graph.scalar(Math.sqrt(dimension))]) };
  });
  return {
    x: graph.node(
      "Concat",
      made.map(({ block }) => block),
      { axis: 1 },
    ),
    present: graph.node(
      "Concat",
      made.map(({ there }) => there),
      { axis: 1 },
    ),
  };
}

/** TensorProto.DataType of float32. */
const FLOAT = 1;

interface ExpertPlace {
  readonly expert: number;
  readonly input: string;
  readonly output: string;
}

function addExpert(graph: Graph, weights: FusionWeights, { expert: e, input, output }: ExpertPlace): void {
  const own = weights.expert(e);
  const { hidden: H, output: O } = weights.shape;
  const first = graph.weight(`expert.${e}.hidden`, [H, widthOf(weights.shape)], own.hidden);
  const firstBias = graph.weight(`expert.${e}.hiddenBias`, [H], own.hiddenBias);
  const h = graph.node("Gemm", [input, first, firstBias], { transB: 1 });
  const a = graph.node("Mul", [h, graph.node("Sigmoid", [h])]);
  const second = graph.weight(`expert.${e}.output`, [O, H], own.output);
  const secondBias = graph.weight(`expert.${e}.outputBias`, [O], own.outputBias);
  graph.add("Gemm", [a, second, secondBias], [output], { transB: 1 });
}

function inputsOf({ members }: FusionShape): TensorInfo[] {
  const vectors = members.map(({ id, dimension }): TensorInfo => ({
    name: id,
    type: "float32",
    shape: ["n", dimension],
  }));
  return [...vectors, { name: PRESENT_INPUT, type: "float32", shape: ["n", members.length] }];
}

function routeOutputs({ experts }: FusionShape): TensorInfo[] {
  return [
    { name: "expertWeights", type: "float32", shape: ["n", experts] },
    { name: "selectedExperts", type: "int64", shape: ["n", ACTIVE_EXPERTS] },
  ];
}

function docOf({ origin }: FusionWeights): string {
  return origin.kind === "generated" ? `generated weights, seed ${origin.seed}: for measuring time only` : origin.on;
}
