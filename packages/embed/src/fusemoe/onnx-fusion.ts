/** Runs the exported graphs: the network on ONNX Runtime, wherever its sessions compute. */

import { asNexusError, type NexusError } from "@nexus/core";

import { blocksOf, type FusionInput } from "./blocks.ts";
import { PRESENT_INPUT } from "./export-onnx.ts";
import { toUnit } from "./prefix.ts";
import { ACTIVE_EXPERTS, type FusionShape, widthOf } from "./shape.ts";

export interface GraphTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

/** A loaded graph: f32 inputs by name, all outputs by name. */
export type RunGraph = (
  inputs: Readonly<Record<string, GraphTensor>>,
) => Promise<Readonly<Record<string, GraphTensor>>>;

/** `exportFusion`'s graph, or `exportGate`'s and those of all experts. */
export type FusionGraphs =
  | { readonly whole: RunGraph }
  | { readonly gate: RunGraph; readonly expert: (index: number) => Promise<RunGraph> };

export interface OnnxFused {
  readonly vector: Float32Array;
  readonly expertWeights: readonly number[];
  readonly selectedExperts: readonly number[];
}

/**
 * Fuses a batch; an input that cannot be fused is its error, as in `createFuseMoe`.
 *
 * cost   with a graph for each expert, only those that an input chose are run, one after the other, each once for all its rows
 */
export async function fuseWithOnnx(
  shape: FusionShape,
  graphs: FusionGraphs,
  inputs: readonly FusionInput[],
): Promise<(OnnxFused | NexusError)[]> {
  const errors = inputs.map((input) => errorOf(shape, input));
  const rows = inputs.filter((_, i) => errors[i] === undefined);
  if (rows.length === 0) return errors as NexusError[];
  const feeds = feedsOf(shape, rows);
  const fused = "whole" in graphs ? await runWhole(shape, graphs.whole, feeds) : await runShards(shape, graphs, feeds);
  let next = 0;
  return errors.map((error) => error ?? fused[next++]!);
}

type Feeds = Readonly<Record<string, GraphTensor>>;

function errorOf(shape: FusionShape, input: FusionInput): NexusError | undefined {
  try {
    blocksOf(shape, input);
    return undefined;
  } catch (error) {
    return asNexusError(error);
  }
}

function feedsOf({ members }: FusionShape, rows: readonly FusionInput[]): Feeds {
  const present = new Float32Array(rows.length * members.length);
  const feeds: Record<string, GraphTensor> = {};
  for (const [m, { id, dimension }] of members.entries()) {
    const data = new Float32Array(rows.length * dimension);
    for (const [row, input] of rows.entries()) {
      const vector = input.get(id);
      if (vector === undefined) continue;
      data.set(vector, row * dimension);
      present[row * members.length + m] = 1;
    }
    feeds[id] = { dims: [rows.length, dimension], data };
  }
  return { ...feeds, [PRESENT_INPUT]: { dims: [rows.length, members.length], data: present } };
}

async function runWhole(shape: FusionShape, run: RunGraph, feeds: Feeds): Promise<OnnxFused[]> {
  const outputs = await run(feeds);
  const vectors = outputs["vector"]!.data as Float32Array;
  return routesOf(shape, outputs).map((route, row) => ({
    vector: vectors.slice(row * shape.output, (row + 1) * shape.output),
    ...route,
  }));
}

async function runShards(
  shape: FusionShape,
  { gate, expert }: Extract<FusionGraphs, { gate: RunGraph }>,
  feeds: Feeds,
): Promise<OnnxFused[]> {
  const D = widthOf(shape);
  const outputs = await gate(feeds);
  const boosted = outputs["boosted"]!.data as Float32Array;
  const fused = routesOf(shape, outputs).map((route) => ({ ...route, vector: new Float32Array(shape.output) }));
  for (let e = 0; e < shape.experts; e++) {
    const rows = [...fused.keys()].filter((row) => fused[row]!.expertWeights[e]! > 0);
    if (rows.length === 0) continue;
    const data = new Float32Array(rows.length * D);
    for (const [i, row] of rows.entries()) data.set(boosted.subarray(row * D, (row + 1) * D), i * D);
    const run = await expert(e);
    const out = (await run({ boosted: { dims: [rows.length, D], data } }))["out"]!.data as Float32Array;
    for (const [i, row] of rows.entries()) {
      const { vector, expertWeights } = fused[row]!;
      for (let o = 0; o < shape.output; o++) vector[o]! += expertWeights[e]! * out[i * shape.output + o]!;
    }
  }
  for (const { vector } of fused) toUnit(vector);
  return fused;
}

function routesOf(
  { experts }: FusionShape,
  outputs: Feeds,
): { expertWeights: readonly number[]; selectedExperts: readonly number[] }[] {
  const weights = outputs["expertWeights"]!.data as Float32Array;
  const selected = outputs["selectedExperts"]!.data as BigInt64Array;
  return Array.from({ length: selected.length / ACTIVE_EXPERTS }, (_, row) => ({
    expertWeights: [...weights.subarray(row * experts, (row + 1) * experts)],
    selectedExperts: Array.from(selected.subarray(row * ACTIVE_EXPERTS, (row + 1) * ACTIVE_EXPERTS), Number),
  }));
}
