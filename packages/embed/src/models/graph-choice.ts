/** Chooses which of a model's graphs is loaded: by quantisation and device. */

import { NexusError } from "@nexus/core";

import type { Quantization } from "../registry/description.ts";
import { QUANTIZATION_SUFFIXES } from "../registry/source-files.ts";

export interface GraphChoice {
  readonly path: string;
  readonly quantization: Quantization;
}

/** int8 is what a CPU computes fastest; fp16 is widened there, and saves disk only. A GPU computes fp16 and has no int8. */
const PREFERENCE: Readonly<Record<"cpu" | "gpu", readonly Quantization[]>> = {
  cpu: ["q8", "fp32", "fp16", "bf16", "q4"],
  gpu: ["fp16", "fp32", "bf16", "q4", "q8"],
};

/**
 * The file of a graph ("model", "text_model") among those that are there.
 *
 * throws  embed.model_missing when there is none, or not in the quantisation asked for
 */
export function chooseGraph(
  paths: readonly string[],
  graph: string,
  asked: Quantization | "auto",
  kind: "cpu" | "gpu",
): GraphChoice {
  for (const quantization of asked === "auto" ? PREFERENCE[kind] : [asked]) {
    for (const suffix of QUANTIZATION_SUFFIXES[quantization]) {
      const path = `onnx/${graph}${suffix}.onnx`;
      if (paths.includes(path)) return { path, quantization };
    }
  }
  throw new NexusError(
    "embed.model_missing",
    `[nexus/embed] there is no onnx/${graph}*.onnx${asked === "auto" ? "" : ` in ${asked}`}; pull or import it`,
  );
}

/** Files that hold a graph's weights beside it. */
export function externalDataOf(paths: readonly string[], graphPath: string): readonly string[] {
  return paths.filter((path) => path.startsWith(`${graphPath}_data`) || path.startsWith(`${graphPath}.data`));
}

/** Whether a vector depends on the rest of its batch: dynamic int8 takes its range from the whole tensor. */
export function isInteger(quantization: Quantization): boolean {
  return quantization === "q8";
}

/**
 * Memory a loaded model takes, from its files' sizes. A batch's activations come on top while it runs.
 *
 * source  measured on E1 with onnxruntime-node on CPU, without arena: q8 46 MB for 23 MB of graph and .7 MB of tokenizer,
 *         fp16 112 MB for 45 MB; a thread of its own added 23 MB; onnxruntime-web took 85 MB for q8
 */
export function estimatedBytes(
  graphs: readonly { readonly bytes: number; readonly quantization: Quantization }[],
  tokenizerBytes: number,
  place: { readonly worker: boolean; readonly web: boolean },
): number {
  let sum = tokenizerBytes * TOKENIZER_FACTOR + (place.worker ? THREAD_BYTES : 0) + (place.web ? WEB_BYTES : 0);
  for (const { bytes, quantization } of graphs)
    sum += bytes * (quantization === "fp16" ? WIDENED_FACTOR : GRAPH_FACTOR);
  return Math.ceil(sum);
}

/** Weights are kept packed for the kernels beside what was read. */
const GRAPH_FACTOR = 1.5;
/** The CPU widens fp16 weights to f32. */
const WIDENED_FACTOR = 2.5;
/** A vocabulary as JavaScript maps and strings. */
const TOKENIZER_FACTOR = 20;
const THREAD_BYTES = 23_000_000;
/** The runtime compiled, and its heap grown in steps. */
const WEB_BYTES = 40_000_000;
