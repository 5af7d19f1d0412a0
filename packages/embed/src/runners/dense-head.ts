/** The dense layer that some models have after pooling (sentence-transformers' folder 2_Dense). */

import { NexusError } from "@nexus/core";

import { readSafetensors } from "../static/safetensors.ts";

/** [in] → [out]. */
export type DenseHead = (vector: Float32Array) => Float32Array;

/**
 * A linear layer from its weights.
 *
 * shapes  linear.weight: [out, in], linear.bias: [out], absent for none
 * cost    out·in multiply-adds a vector
 * throws  embed.load_failed
 */
export function createDenseHead(config: object, weights: Uint8Array): DenseHead {
  const tensors = readSafetensors(weights);
  const weight = tensors.get("linear.weight");
  const bias = tensors.get("linear.bias");
  const [out, width] = weight?.shape ?? [];
  if (weight === undefined || out === undefined || width === undefined) {
    throw new NexusError(
      "embed.load_failed",
      "[nexus/embed] 2_Dense/model.safetensors has no linear.weight; import it again",
    );
  }
  const activate = activationOf(config);
  return (vector) => {
    const result = new Float32Array(out);
    for (let row = 0; row < out; row++) {
      let sum = bias?.values[row] ?? 0;
      for (let i = 0; i < width; i++) sum += (weight.values[row * width + i] ?? 0) * (vector[i] ?? 0);
      result[row] = activate(sum);
    }
    return result;
  };
}

function activationOf(config: object): (value: number) => number {
  const name = (config as { activation_function?: string }).activation_function ?? "Identity";
  if (name.endsWith("Identity")) return (value) => value;
  if (name.endsWith("Tanh")) return Math.tanh;
  throw new NexusError(
    "embed.load_failed",
    `[nexus/embed] the dense layer's activation is ${name}; Identity and Tanh are known`,
  );
}
